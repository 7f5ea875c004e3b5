/**
 * The page that stands where the studio was, when that has failed beyond repair: at its start, or while React drew it.
 * Plain DOM, for it must not need what has failed. It speaks the language that is loaded by then, else English.
 */
import { say } from '@/words/say'

/** A crash as the user may report it: neither pictures nor words of the user's, the error and where it was. */
export function crashReport(error: unknown, componentStack = ''): string {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const title = `${name}: ${message}`.slice(0, 500)
  // Some browsers begin the stack with the message, some do not.
  const trace = (stack ?? '').replace(`${name}: ${message}`, '').trim()
  return [
    `Inlay ${String(import.meta.env.VITE_INLAY_VERSION)}, ${new Date().toISOString()}`,
    `${navigator.userAgent}; ${navigator.language}; secure: ${String(isSecureContext)}`,
    title,
    trace,
    componentStack.trim(),
  ]
    .filter(Boolean)
    .join('\n')
}

export interface Crash {
  error: unknown
  /** React's, where it was drawing. */
  componentStack?: string
  /** Saves what is not saved yet, and says whether everything is; none where nothing had been opened. */
  save?: () => Promise<boolean>
}

let shown = false

/** Shows the first crash; what follows from it is not worth a second page. */
export function showCrash({ error, componentStack, save }: Crash): void {
  if (shown) return
  shown = true
  const saved = element('p', save ? say('Saving your work …') : say('Your saved work has not been touched.'))
  void save?.().then((done) => {
    saved.textContent = done
      ? say('Your work is saved on this device.')
      : say('The last changes could not be saved on this device.')
  })
  const report = element('textarea', crashReport(error, componentStack))
  report.readOnly = true
  report.rows = 12
  report.spellcheck = false
  report.setAttribute('aria-label', say('Report'))
  const copy = button(
    say('Copy the report'),
    () => void copyText(report).then((done) => (copy.textContent = done)),
  )
  const reload = button(say('Reload'), () => location.reload())
  reload.classList.add('primary')
  const row = element('div', '')
  row.className = 'row end'
  row.append(copy, reload)
  const page = element('main', '')
  page.className = 'crash'
  page.dataset.testid = 'crash'
  page.translate = false
  page.setAttribute('role', 'alert')
  page.append(
    element('h1', save ? say('Inlay has stopped') : say('Inlay could not start')),
    saved,
    element('p', say('Reload to go on. If it happens again, please report what stands below.')),
    report,
    row,
  )
  window.document.body.replaceChildren(page)
  reload.focus()
}

/** Copies, or at least marks what is to be copied, where the browser forbids it; what the button then says. */
async function copyText(field: HTMLTextAreaElement): Promise<string> {
  // Absent over plain http.
  const { clipboard } = navigator as { clipboard?: Clipboard }
  try {
    if (!clipboard) throw new Error('no clipboard')
    await clipboard.writeText(field.value)
    return say('Copied')
  } catch {
    field.select()
    return window.document.execCommand('copy') ? say('Copied') : say('Marked: copy it now')
  }
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string): HTMLElementTagNameMap[K] {
  const made = window.document.createElement(name)
  made.textContent = text
  return made
}

function button(text: string, run: () => void): HTMLButtonElement {
  const made = element('button', text)
  made.type = 'button'
  made.className = 'button'
  made.addEventListener('click', run)
  return made
}
