// Thunderbird's own encryption of a message, OpenPGP or S/MIME. Whether the recipients have keys is not told to add-ons: Thunderbird
// checks at Send, and says which are missing.

/** What the window is set to, or would be set to; null when its identity is configured for neither. */
export async function encryptionOf({ identityId, selectedEncryptionTechnology: selected }: ComposeDetails): Promise<{ readonly on: boolean; readonly settings: EncryptionSettings } | null> {
  if (!selected) return null;
  if (selected.encryptBody) return { on: true, settings: selected };
  if (identityId === undefined) return null;
  // An identity that was removed meanwhile must not stop a Send.
  const can = (await browser.identities.get(identityId).catch(() => null))?.encryptionCapabilities;
  const other: EncryptionTechnology = selected.name === "OpenPGP" ? "S/MIME" : "OpenPGP";
  const name = [selected.name, other].find((one) => can?.[one].canEncrypt);
  if (!can || name === undefined) return null;
  // As when a person switches it on: Thunderbird then signs too. Its subject may name the patient.
  return { on: false, settings: { name, encryptBody: true, ...(name === "OpenPGP" ? { encryptSubject: true } : {}), signMessage: can[name].canSign } };
}

/** As it was before an offer, or after it. Throws when a message that was locked cannot be locked any more. */
export async function restoreEncryption(tabId: number, { identityId, selectedEncryptionTechnology: wanted }: ComposeDetails): Promise<void> {
  const now = await browser.compose.getComposeDetails(tabId);
  // Equal settings are not set again: Thunderbird would take them for the person's own choice, and stop to follow the recipients' keys.
  if (!wanted || JSON.stringify(wanted) === JSON.stringify(now.selectedEncryptionTechnology)) return;
  // Written from another identity since: what is locked stays so.
  if (!wanted.encryptBody && identityId !== now.identityId) return;
  // Thunderbird gives the subject's setting also where nothing is encrypted, and refuses it so.
  const subject = wanted.name === "OpenPGP" ? { encryptSubject: wanted.encryptBody && wanted.encryptSubject === true } : {};
  await browser.compose.setComposeDetails(tabId, { selectedEncryptionTechnology: { ...wanted, ...subject } });
}
