const TEXT_FIELD =
  'textarea, [contenteditable], input:not([type=range], [type=radio], [type=checkbox], [type=file], [type=button])'

/** Whether somebody can type text here. */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches(TEXT_FIELD)
