// The one thing the add-ins know without the engine: whether an address is inside, by the last policy seen. It is used only
// when nothing could be checked, to keep mail between colleagues flowing.

export function isOwnDomain(address: string, domains: readonly string[]): boolean {
  const at = address.lastIndexOf("@");
  if (at < 0) return false;
  const domain = address.slice(at + 1).trim().toLowerCase().replace(/\.$/, "");
  return domains.some((own) => {
    const wanted = own.trim().toLowerCase();
    return wanted !== "" && (domain === wanted || domain.endsWith(`.${wanted}`));
  });
}
