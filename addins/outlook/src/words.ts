// What the event handlers say themselves, in the info bar and in Outlook's dialog. Sentences about a mail come from the engine.
import { clientWords } from "../../ui/src/client_words.ts";
import type { Trouble } from "./host.ts";

export type Lang = "en" | "es";

const en = {
  ...clientWords.en,
  found: (kinds: string) => `Found: ${kinds}.`,
  outsideIs: (count: number) => (count === 1 ? "1 recipient is outside." : `${count} recipients are outside.`),
  unreadIs: (count: number) => (count === 1 ? "1 attachment was not checked." : `${count} attachments were not checked.`),
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
  barUnchecked: "Not checked. You will be asked when you press Send.",
};

export type SendWords = typeof en;

const es: SendWords = {
  ...clientWords.es,
  found: (kinds) => `Contiene: ${kinds}.`,
  outsideIs: (count) => (count === 1 ? "1 destinatario es externo." : `${count} destinatarios son externos.`),
  unreadIs: (count) => (count === 1 ? "1 archivo adjunto no se revisó." : `${count} archivos adjuntos no se revisaron.`),
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
  barUnchecked: "Sin revisar. Se le preguntará cuando pulse Enviar.",
};

export function sendWords(lang: Lang): SendWords {
  return lang === "es" ? es : en;
}
