/**
 * A line preprocessor for WGSL, just large enough for one file per kernel strategy:
 *
 *     #include "name"        the text of another file, preprocessed in place
 *     #define NAME value     replaces NAME as a whole word from here on
 *     #ifdef NAME            kept when NAME is defined and not false; also #ifndef, #else, #endif
 *     #for r 0 COUNT         repeats the lines up to #endfor with r = 0 … COUNT-1;
 *                            `$r` is replaced anywhere, also inside names (`sum$r`)
 *
 * Repetition is textual because software adapters neither unroll loops nor keep dynamically indexed
 * arrays in registers (measured: three times slower).
 */
import { fail } from '@/base/errors'

export type Defines = Record<string, number | boolean | string>

interface Line {
  text: string
  /** `shader:12` or `trig.wgsl:3`, for errors. */
  where: string
}

const WORD = /[A-Za-z_]\w*/g
const DIRECTIVE = /^\s*#(\w+)\s*(.*?)\s*$/
const MAX_DEPTH = 16

/** Returns plain WGSL; throws `internal` with the file and line of the mistake. */
export function preprocess(source: string, defines: Defines, includes: Record<string, string>): string {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(defines)) values.set(name, String(value))
  const out: string[] = []
  expand(linesOf(source, 'shader'), values, includes, out, 0)
  return out.join('\n')
}

function linesOf(source: string, file: string): Line[] {
  return source.split('\n').map((text, index) => ({ text, where: `${file}:${index + 1}` }))
}

function wrong(line: Line, what: string): never {
  fail(
    'internal',
    `The shader preprocessor stopped at ${line.where}: ${what}.`,
    'This is a mistake in a shader of Inlay; please report it.',
    line.text.trim(),
  )
}

function expand(
  lines: readonly Line[],
  values: Map<string, string>,
  includes: Record<string, string>,
  out: string[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) wrong(lines[0], 'includes or loops are nested too deeply')
  /** Open conditions, innermost last. */
  const conditions: { line: Line; taken: boolean; inElse: boolean }[] = []
  const active = (): boolean => conditions.every((condition) => condition.taken)

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]
    const match = DIRECTIVE.exec(line.text)
    if (!match) {
      if (active()) out.push(substitute(line.text, values))
      continue
    }
    const [, directive, rest] = match
    switch (directive) {
      case 'ifdef':
      case 'ifndef': {
        const name = wordOf(rest) ?? wrong(line, `#${directive} needs one name`)
        const defined = values.has(name) && values.get(name) !== 'false'
        conditions.push({ line, taken: defined === (directive === 'ifdef'), inElse: false })
        break
      }
      case 'else': {
        const condition = conditions.at(-1)
        if (!condition || condition.inElse) wrong(line, '#else without #ifdef')
        condition.taken = !condition.taken
        condition.inElse = true
        break
      }
      case 'endif':
        if (!conditions.pop()) wrong(line, '#endif without #ifdef')
        break
      case 'for': {
        const end = endOfLoop(lines, index)
        if (active()) repeat(line, rest, lines.slice(index + 1, end), values, includes, out, depth)
        index = end
        break
      }
      case 'endfor':
        wrong(line, '#endfor without #for')
        break
      case 'include': {
        if (!active()) break
        const name = /^"([^"]+)"$/.exec(rest)?.[1] ?? wrong(line, '#include needs a "name"')
        const text = Object.hasOwn(includes, name) ? includes[name] : wrong(line, `there is no "${name}"`)
        if (depth >= MAX_DEPTH) wrong(line, 'includes or loops are nested too deeply')
        expand(linesOf(text, name), values, includes, out, depth + 1)
        break
      }
      case 'define': {
        if (!active()) break
        const define = /^([A-Za-z_]\w*)(?:\s+(.+))?$/.exec(rest) ?? wrong(line, '#define needs a name')
        values.set(define[1], substitute(define[2] ?? 'true', values))
        break
      }
      default:
        wrong(line, `#${directive} is unknown`)
    }
  }
  const open = conditions.at(-1)
  if (open) wrong(open.line, '#ifdef without #endif')
}

/** Expands the body of one `#for`. */
function repeat(
  line: Line,
  head: string,
  body: readonly Line[],
  values: Map<string, string>,
  includes: Record<string, string>,
  out: string[],
  depth: number,
): void {
  const [name, from, to, ...more] = substitute(head, values).split(/\s+/)
  const first = Number(from)
  const last = Number(to)
  if (!wordOf(name ?? '') || more.length > 0 || !Number.isInteger(first) || !Number.isInteger(last))
    wrong(line, '#for needs a name and two whole numbers')
  for (let value = first; value < last; value++) {
    const lines = body.map(({ text, where }) => ({ text: text.replaceAll(`$${name}`, String(value)), where }))
    expand(lines, values, includes, out, depth + 1)
  }
}

function endOfLoop(lines: readonly Line[], start: number): number {
  let depth = 0
  for (let index = start; index < lines.length; index++) {
    const directive = DIRECTIVE.exec(lines[index].text)?.[1]
    if (directive === 'for') depth++
    if (directive === 'endfor' && --depth === 0) return index
  }
  wrong(lines[start], '#for without #endfor')
}

function substitute(text: string, values: Map<string, string>): string {
  return text.replace(WORD, (word) => values.get(word) ?? word)
}

function wordOf(text: string): string | undefined {
  return /^[A-Za-z_]\w*$/.test(text) ? text : undefined
}
