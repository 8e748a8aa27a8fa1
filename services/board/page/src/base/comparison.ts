/** Whom a municipality is held against. */
import type { Municipality } from "../api";
import type { Group } from "./address";

/** The county of a municipality: the first two digits of its code. */
export function countyOf(code: string): string {
  return code.slice(0, 2);
}

/**
 * The codes among `members` that the group names for the municipality, itself included where it is
 * a member, ascending. An own list keeps only members, so it may be shorter than what was asked
 * for.
 */
export function groupMembers(
  group: Group,
  municipality: Municipality,
  members: readonly Municipality[],
): readonly string[] {
  const wanted = (member: Municipality): boolean => {
    if (member.code === municipality.code || group === "all") return true;
    if (group === "county") return countyOf(member.code) === countyOf(municipality.code);
    if (group === "kostra") {
      return member.kostraGroup !== undefined && member.kostraGroup === municipality.kostraGroup;
    }
    return group.includes(member.code);
  };
  return members
    .filter(wanted)
    .map((member) => member.code)
    .sort();
}
