// Thunderbird's plain form of a formatted message is cut into lines of 72 characters; a blank at the end of a line says that it goes on.

/** Such lines made whole again; quoted lines and the mark of a signature stay. */
export function whole(text: string): string {
  return text.replace(/^(?!>|-- $)(.+) \n(?!>) */gm, "$1 ");
}
