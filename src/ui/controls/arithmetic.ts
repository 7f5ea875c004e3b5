/** Units that a field may be given with its number: they say nothing new. */
const UNITS = /^(px|°|deg|steps?|Schritte?|ステップ|s)/

/**
 * A number, or a sum of numbers with + - * / × ÷ ( ), each with an optional unit; "50%" is half of `whole`; a comma is a decimal
 * point. Null for what is none, and for a % of nothing.
 */
export function calculated(text: string, whole?: number): number | null {
  let rest = text.trim().replaceAll('−', '-').replaceAll('×', '*').replaceAll('÷', '/')
  const skip = () => (rest = rest.trimStart())
  const takes = (mark: string): boolean => {
    skip()
    if (!rest.startsWith(mark)) return false
    rest = rest.slice(mark.length)
    return true
  }

  const operand = (): number | null => {
    if (takes('-')) {
      const value = operand()
      return value === null ? null : -value
    }
    if (takes('+')) return operand()
    if (takes('(')) {
      const value = sum()
      return takes(')') ? value : null
    }
    skip()
    const [digits] = /^(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?/i.exec(rest) ?? []
    if (digits === undefined) return null
    rest = rest.slice(digits.length)
    const value = Number(digits.replace(',', '.'))
    if (takes('%')) return whole === undefined ? null : (value / 100) * whole
    skip()
    rest = rest.replace(UNITS, '')
    return value
  }
  const chain =
    (next: () => number | null, marks: Record<string, (a: number, b: number) => number>) => () => {
      let value = next()
      for (;;) {
        const mark = Object.keys(marks).find(takes)
        if (mark === undefined) return value
        const other = next()
        value = value === null || other === null ? null : marks[mark](value, other)
      }
    }
  const product = chain(operand, { '*': (a, b) => a * b, '/': (a, b) => a / b })
  const sum: () => number | null = chain(product, { '+': (a, b) => a + b, '-': (a, b) => a - b })

  const value = sum()
  skip()
  return rest === '' && value !== null && Number.isFinite(value) ? value : null
}
