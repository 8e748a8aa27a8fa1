/** Where the reader is, and going somewhere else without loading the page anew. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { readAddress, writeAddress, type Address } from "./address";

/** Goes to an address; `replace`: without a new entry in the browser's history. */
export type Go = (address: Address, replace?: boolean) => void;

export interface Navigation {
  readonly address: Address;
  readonly go: Go;
  /** False in a report: there is nowhere to go. */
  readonly live: boolean;
}

export const NavigationContext = createContext<Navigation>({
  address: readAddress("/", ""),
  go: () => undefined,
  live: false,
});

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

function here(): Address {
  return readAddress(location.pathname, location.search);
}

/** Follows the browser's address; to be used once, at the root. */
export function useBrowserAddress(): Navigation {
  const [address, setAddress] = useState<Address>(here);
  useEffect(() => {
    const onMove = (): void => setAddress(here());
    addEventListener("popstate", onMove);
    return () => removeEventListener("popstate", onMove);
  }, []);
  const go: Go = (to, replace) => {
    const path = writeAddress(to);
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    if (to.page !== address.page || to.code !== address.code) scrollTo(0, 0);
    setAddress(here());
  };
  return { address, go, live: true };
}
