// What all mail programs say alike around the review. No page is needed for it: classic Outlook says some of it, too.

const en = {
  lang: "en" as "en" | "es",
  and: " and ",
  more: " and more",
  outside: (count: number) => (count === 1 ? "1 recipient outside" : `${count} recipients outside`),
  filesUnread: (count: number) => (count === 1 ? "1 attachment not checked" : `${count} attachments not checked`),
  notChecked: (texts: string, files: number, people: number) =>
    `Not checked: ${[texts, files > 0 ? (files === 1 ? "1 attachment" : `${files} attachments`) : "", people === 1 ? "1 recipient" : `${people} recipients`].filter((part) => part !== "").join(", ")}.`,
  subjectAndText: "subject and text",
  nothing: "Nothing to say about this message so far.",
  failedOffer: "That did not work. Your message is as it was.",
  putBack: "Put my message back",
  putBackDone: "Your message is back as it was.",
  portalTitle: "The note is ready",
  portalOpen: "Open the portal",
  portalCopy: "Copy my text",
  portalCopied: "Copied",
  pack: "Rules",
  policy: "Clinic policy",
  none: "none",
  age: (days: number) => (days === 0 ? "today" : days === 1 ? "1 day old" : `${days} days old`),
};

export type ClientWords = typeof en;

const es: ClientWords = {
  lang: "es",
  and: " y ",
  more: " y más",
  outside: (count) => (count === 1 ? "1 destinatario externo" : `${count} destinatarios externos`),
  filesUnread: (count) => (count === 1 ? "1 adjunto sin revisar" : `${count} adjuntos sin revisar`),
  notChecked: (texts, files, people) =>
    `No se revisó: ${[texts, files > 0 ? (files === 1 ? "1 archivo adjunto" : `${files} archivos adjuntos`) : "", people === 1 ? "1 destinatario" : `${people} destinatarios`].filter((part) => part !== "").join(", ")}.`,
  subjectAndText: "asunto y texto",
  nothing: "Por ahora no hay nada que decir de este mensaje.",
  failedOffer: "No se pudo hacer. Su mensaje sigue igual.",
  putBack: "Devolver mi mensaje",
  putBackDone: "Su mensaje está como antes.",
  portalTitle: "La nota está lista",
  portalOpen: "Abrir el portal",
  portalCopy: "Copiar mi texto",
  portalCopied: "Copiado",
  pack: "Reglas",
  policy: "Política de la clínica",
  none: "ninguna",
  age: (days) => (days === 0 ? "de hoy" : days === 1 ? "de hace 1 día" : `de hace ${days} días`),
};

export const clientWords: Readonly<Record<"en" | "es", ClientWords>> = { en, es };
