/**
 * The article alone, from the JSON that `kf report` wrote into the page. When all is drawn the root
 * element says so (`data-ready="true"`): whoever prints the page waits for it.
 */
import { render } from "preact";
import type { Article } from "./api";
import { ArticleView } from "./article/view";
import { readAddress } from "./base/address";
import { groupMembers } from "./base/comparison";
import { LanguageContext, preferredLanguage } from "./base/language";
import { Credit } from "./components/credit";
import "./styles/all.css";

/** True when every chart has its picture. */
function isDrawn(): boolean {
  return Array.from(document.querySelectorAll(".chart-host")).every((host) =>
    host.querySelector("svg"),
  );
}

/** Tells that all is drawn: fonts are there, and two frames have been painted with every chart. */
function tellReady(): void {
  const tell = (): void => {
    document.documentElement.dataset["ready"] = "true";
  };
  const look = (): void => {
    requestAnimationFrame(isDrawn() ? tell : look);
  };
  void document.fonts.ready.then(() => requestAnimationFrame(look));
}

function start(): void {
  const host = document.getElementById("page");
  const article = JSON.parse(document.getElementById("article")?.textContent ?? "") as Article;
  const language = preferredLanguage([document.documentElement.lang]);
  const { group } = readAddress("/", `group=${document.documentElement.dataset["group"] ?? ""}`);
  const members = groupMembers(group, article.municipality, article.catalogue.municipalities);
  if (!host) return;
  host.className = "report";
  render(
    <LanguageContext.Provider value={language}>
      <main>
        <ArticleView article={article} group={members} />
      </main>
      <Credit />
    </LanguageContext.Provider>,
    host,
  );
  tellReady();
}

start();
