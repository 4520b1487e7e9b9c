// What a spreadsheet would take for a formula, which would run in the reader's name: `=`, `+`, `-`, `@` and their full-width forms, also behind
// blanks, and a tab or a line break at the start. Such a text gets a `'` in front, telephone numbers with `+` included; numbers stay
// numbers. The gateway's own files keep to the same rule.

export const FORMULA = /^[\s\u0000-\u001f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
