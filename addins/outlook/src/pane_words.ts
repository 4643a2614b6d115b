// What the pane says itself. Headings and buttons of the review come from ui/.
import { clientWords } from "../../ui/src/client_words.ts";
import type { Lang } from "./words.ts";

const en = {
  ...clientWords.en,
  title: "phiscan",
  outlookOnly: "This page works inside of Outlook.",
  outlookHelp: "Open a message you are writing, then choose “Review with phiscan”. For help, ask whoever looks after your computers.",
  pairTitle: "Connect this Outlook",
  pairText: "Ask whoever looks after your computers for a code of six digits. You need it once.",
  pairCode: "Code",
  pairButton: "Connect",
  pairDone: "Connected. Your messages are checked from now on.",
  pairWrong: "That code is not right, or it is too old. Please ask for a new one.",
  pairBusy: "Too many tries. Please wait a few minutes.",
  pairAbsent: "phiscan cannot be reached. Please try again, or tell whoever looks after your computers.",
  pairNotKept: "This Outlook could not keep the connection. Please tell whoever looks after your computers.",
  checking: "Checking this message …",
  acknowledged: "Thank you. Now press Send in Outlook.",
  acknowledgedSending: "Thank you. Outlook is sending the message.",
  alsoKept: "This counts for the message as it is now. If you change it, phiscan looks again.",
  unguarded: "This Outlook is too old to ask at Send. Please look here before you press Send.",
  filesUnseen: "This Outlook does not let phiscan see attachments. They are not checked.",
  changed: "The message has changed since it was checked. Please look again.",
  failedHalf: "That did not work, and Outlook could not put everything back. Please look at your message before you send it.",
  keptFile: "A linked file cannot be taken off here. Please take it off in the message.",
  portalSteps: ["Press Send in Outlook: your patient gets the short note, without details.", "Then put your own text into the portal. It is kept here until you close this pane."],
  host: "Connection",
  hostGood: "works",
  hostBad: "no answer",
  version: (version: string, age: string) => (age === "" ? version : `${version} (${age})`),
  certificateEnds: (days: number) =>
    `The secure connection of phiscan ends ${days <= 0 ? "today" : days === 1 ? "in 1 day" : `in ${days} days`}. After that, mail cannot be checked. Please tell whoever looks after your computers.`,
  disconnect: "Disconnect this Outlook",
  disconnectSure: "Press again to disconnect",
  wentBack: "Nothing was sent. Change your message; phiscan looks again.",
  details: "About this check",
  enter: "To the review",
  privacy: "Checked by your clinic’s own phiscan. No text of a message is stored.",
};

export type PaneWords = typeof en;

const es: PaneWords = {
  ...clientWords.es,
  title: "phiscan",
  outlookOnly: "Esta página funciona dentro de Outlook.",
  outlookHelp: "Abra un mensaje que esté escribiendo y elija «Revisar con phiscan». Si necesita ayuda, pregunte a quien cuida sus computadoras.",
  pairTitle: "Conectar este Outlook",
  pairText: "Pida a quien cuida sus computadoras un código de seis cifras. Lo necesita una sola vez.",
  pairCode: "Código",
  pairButton: "Conectar",
  pairDone: "Conectado. Desde ahora se revisan sus mensajes.",
  pairWrong: "Ese código no es correcto o ya venció. Pida uno nuevo.",
  pairBusy: "Demasiados intentos. Espere unos minutos.",
  pairAbsent: "No se puede acceder a phiscan. Inténtelo de nuevo o avise a quien cuida sus computadoras.",
  pairNotKept: "Este Outlook no pudo guardar la conexión. Avise a quien cuida sus computadoras.",
  checking: "Revisando este mensaje …",
  acknowledged: "Gracias. Ahora pulse Enviar en Outlook.",
  acknowledgedSending: "Gracias. Outlook está enviando el mensaje.",
  alsoKept: "Esto vale para el mensaje tal como está ahora. Si lo cambia, phiscan vuelve a mirar.",
  unguarded: "Este Outlook es demasiado antiguo para preguntar al enviar. Mire aquí antes de pulsar Enviar.",
  filesUnseen: "Este Outlook no deja que phiscan vea los archivos adjuntos. No se revisan.",
  changed: "El mensaje cambió desde la revisión. Mire otra vez.",
  failedHalf: "No se pudo hacer, y Outlook no pudo devolver todo a su lugar. Mire su mensaje antes de enviarlo.",
  keptFile: "Un archivo enlazado no se puede quitar aquí. Quítelo en el mensaje.",
  portalSteps: ["Pulse Enviar en Outlook: su paciente recibe la nota corta, sin detalles.", "Después ponga su propio texto en el portal. Se guarda aquí hasta que cierre este panel."],
  host: "Conexión",
  hostGood: "funciona",
  hostBad: "no responde",
  version: (version, age) => (age === "" ? version : `${version} (${age})`),
  certificateEnds: (days) =>
    `La conexión segura de phiscan vence ${days <= 0 ? "hoy" : days === 1 ? "en 1 día" : `en ${days} días`}. Después no se podrá revisar el correo. Avise a quien cuida sus computadoras.`,
  disconnect: "Desconectar este Outlook",
  disconnectSure: "Pulse otra vez para desconectar",
  wentBack: "No se envió nada. Cambie su mensaje; phiscan vuelve a mirar.",
  details: "Acerca de la revisión",
  enter: "Ir a la revisión",
  privacy: "Lo revisa el phiscan de su propia clínica. No se guarda ningún texto de un mensaje.",
};

export function paneWords(lang: Lang): PaneWords {
  return lang === "es" ? es : en;
}
