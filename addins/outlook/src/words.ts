// What the event handlers say themselves, in the info bar and in Outlook's dialog. Sentences about a mail come from the engine.
import type { Trouble } from "./host.ts";

export type Lang = "en" | "es";

const en = {
  lang: "en" as Lang,
  found: (kinds: string) => `Found: ${kinds}.`,
  outside: (count: number) => (count === 1 ? "1 recipient is outside." : `${count} recipients are outside.`),
  unread: (count: number) => (count === 1 ? "1 attachment was not checked." : `${count} attachments were not checked.`),
  orSend: "Please look once more. If it is right, you can send it.",
  again: "Please look once more. If it is right, press Send again.",
  reason: "Please open phiscan, say why you send it, then press Send again.",
  blocked: "It cannot be sent like this. Open phiscan to see what you can do.",
  uncheckedBlocked: "Your clinic does not let mail go out unchecked. Please try again in a moment.",
  portal: "Use the patient portal instead",
  labelReview: "Review recipients",
  labelReason: "Choose a reason",
  labelBlocked: "See what to do",
  labelUnchecked: "Open phiscan",
  actionReview: "Review",
  trouble: {
    absent: "The check cannot be reached, so this message was not checked.",
    slow: "The check took too long, so this message was not checked.",
    not_paired: "phiscan is not connected in this Outlook yet, so this message was not checked.",
    failed: "The check had a problem of its own, so this message was not checked.",
  } as Readonly<Record<Trouble, string>>,
  notChecked: (files: number, people: number) =>
    `Not checked: ${["subject and text", files > 0 ? (files === 1 ? "1 attachment" : `${files} attachments`) : "", people === 1 ? "1 recipient" : `${people} recipients`].filter((part) => part !== "").join(", ")}.`,
  barUnchecked: "Not checked. You will be asked when you press Send.",
  and: " and ",
  more: " and more",
  outsideShort: (count: number) => (count === 1 ? "1 recipient outside" : `${count} recipients outside`),
  unreadShort: (count: number) => (count === 1 ? "1 attachment not checked" : `${count} attachments not checked`),
};

export type SendWords = typeof en;

const es: SendWords = {
  lang: "es",
  found: (kinds) => `Contiene: ${kinds}.`,
  outside: (count) => (count === 1 ? "1 destinatario es externo." : `${count} destinatarios son externos.`),
  unread: (count) => (count === 1 ? "1 archivo adjunto no se revisó." : `${count} archivos adjuntos no se revisaron.`),
  orSend: "Mire otra vez. Si está bien, puede enviarlo.",
  again: "Mire otra vez. Si está bien, pulse Enviar de nuevo.",
  reason: "Abra phiscan, diga por qué lo envía y pulse Enviar de nuevo.",
  blocked: "Así no se puede enviar. Abra phiscan para ver qué puede hacer.",
  uncheckedBlocked: "Su clínica no deja salir correo sin revisar. Inténtelo de nuevo en un momento.",
  portal: "Usar el portal del paciente",
  labelReview: "Ver destinatarios",
  labelReason: "Elegir un motivo",
  labelBlocked: "Ver qué hacer",
  labelUnchecked: "Abrir phiscan",
  actionReview: "Revisar",
  trouble: {
    absent: "No se puede acceder a la revisión, así que este mensaje no se revisó.",
    slow: "La revisión tardó demasiado, así que este mensaje no se revisó.",
    not_paired: "phiscan todavía no está conectado en este Outlook, así que este mensaje no se revisó.",
    failed: "La revisión misma tuvo un problema, así que este mensaje no se revisó.",
  },
  notChecked: (files, people) =>
    `No se revisó: ${["asunto y texto", files > 0 ? (files === 1 ? "1 archivo adjunto" : `${files} archivos adjuntos`) : "", people === 1 ? "1 destinatario" : `${people} destinatarios`].filter((part) => part !== "").join(", ")}.`,
  barUnchecked: "Sin revisar. Se le preguntará cuando pulse Enviar.",
  and: " y ",
  more: " y más",
  outsideShort: (count) => (count === 1 ? "1 destinatario externo" : `${count} destinatarios externos`),
  unreadShort: (count) => (count === 1 ? "1 adjunto sin revisar" : `${count} adjuntos sin revisar`),
};

export function sendWords(lang: Lang): SendWords {
  return lang === "es" ? es : en;
}
