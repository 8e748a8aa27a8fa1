/** A link within the pages: a real address for whoever copies or opens it in a tab of its own. */
import type { ComponentChildren, JSX } from "preact";
import { writeAddress, type Address } from "../base/address";
import { useNavigation } from "../base/navigation";

export interface LinkProps {
  readonly to: Address;
  readonly current?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Link({ to, current, class: name, children }: LinkProps): JSX.Element {
  const { go } = useNavigation();
  const onClick = (event: MouseEvent): void => {
    const aside = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || aside) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      href={writeAddress(to)}
      onClick={onClick}
      {...(name === undefined ? {} : { class: name })}
      {...(current ? { "aria-current": "page" as const } : {})}>
      {children}
    </a>
  );
}
