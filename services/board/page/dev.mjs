/**
 * The pages by themselves, to look at them while they are made:
 *
 *   node dev.mjs [--port N] --figures FOLDER    articles and catalogue.json of a folder, as
 *                                               tests/board/oracle.py writes them; stages and
 *                                               releases invented (dev/line.mjs)
 *   node dev.mjs [--port N] --board URL         answers of a board that runs
 *
 * Pages come from dist/ (npm run build) under the policy that the board gives them. With --figures
 * /dev/SERVICE/STATE puts a stage into a state: curl -X POST localhost:8400/dev/need/gone.
 */
import { readFile, readdir } from "node:fs/promises";
import { createServer, request } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Line } from "./dev/line.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};
const BEAT_MS = 500;

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8400" },
    figures: { type: "string" },
    board: { type: "string" },
  },
});
const line = new Line(Date.now());

function sendJson(response, value, status = 200) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

async function sendFile(response, name) {
  const content = await readFile(join(HERE, "dist", name));
  response.writeHead(200, {
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    "content-security-policy": POLICY,
  });
  response.end(content);
}

/** The article of the folder that fits best what is asked: municipality, then edition and year. */
async function sendArticle(response, asked) {
  const code = asked.get("municipality") ?? "";
  const names = (await readdir(options.figures)).filter((name) => name.startsWith(`${code}-`));
  const wanted = `${code}-${asked.get("edition")}-${asked.get("year")}.json`;
  const name = names.find((known) => known === wanted) ?? names[0];
  if (!name) return sendJson(response, { error: `no figures about municipality ${code}` }, 404);
  return sendJson(response, JSON.parse(await readFile(join(options.figures, name), "utf8")));
}

/** Events as the board sends them: the status with every beat, releases when they come. */
function sendEvents(response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const say = (kind, value) => response.write(`event: ${kind}\ndata: ${JSON.stringify(value)}\n\n`);
  const beat = () => say("status", line.status(Date.now()));
  const forget = line.onRelease((release) => say("release", release));
  const timer = setInterval(beat, BEAT_MS);
  response.on("close", () => {
    clearInterval(timer);
    forget();
  });
  beat();
}

function passOn(incoming, response) {
  const to = new URL(incoming.url, options.board);
  const passed = request(to, { headers: { ...incoming.headers, host: to.host } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  response.on("close", () => passed.destroy());
  passed.end();
}

async function answerApi(url, response) {
  switch (url.pathname) {
    case "/api/catalogue":
      return sendJson(
        response,
        JSON.parse(await readFile(join(options.figures, "catalogue.json"), "utf8")),
      );
    case "/api/article":
      return sendArticle(response, url.searchParams);
    case "/api/status":
      return sendJson(response, line.status(Date.now()));
    case "/api/releases":
      return sendJson(response, line.releases());
    case "/api/events":
      return sendEvents(response);
    default:
      return sendJson(response, { error: "there is no such path" }, 404);
  }
}

async function answer(incoming, response) {
  const url = new URL(incoming.url, "http://localhost");
  const asset = ["/app.js", "/app.css", "/favicon.svg", "/report.html", "/LICENSES.txt"].find(
    (known) => known === url.pathname,
  );
  const place = /^\/dev\/([a-z]+)\/([a-z]+)$/.exec(url.pathname);
  if (asset) return sendFile(response, asset.slice(1));
  if (url.pathname.startsWith("/api/")) {
    return options.board ? passOn(incoming, response) : answerApi(url, response);
  }
  if (place && incoming.method === "POST") {
    line.put(place[1], place[2], Date.now());
    return sendJson(response, { put: place[1] });
  }
  return sendFile(response, "index.html");
}

if (!options.figures && !options.board) {
  console.error("dev.mjs: give --figures FOLDER or --board URL");
  process.exit(2);
}
createServer((incoming, response) => {
  answer(incoming, response).catch((error) => sendJson(response, { error: error.message }, 500));
}).listen(Number(options.port), "127.0.0.1", () => console.log(`http://localhost:${options.port}`));
