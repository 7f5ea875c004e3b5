/**
 * Reads out of the sources what code below the page says in English: problems, steps, stages, reasons, warnings. Parses only,
 * without types: a name is followed to its declaration, a parameter to what its function is called with.
 */
import * as ts from 'typescript'

/** A sentence with holes, and where it is said. */
export interface Said {
  sentence: string
  /** "src/base/zip.ts:62" */
  at: string
}

/** What stands for whatever is put into a sentence. */
export const HOLE = '\u0001'

/** Sentences are put together of at most so many. */
const MOST = 60
const DEPTH = 8

export class Sources {
  private readonly parsed = new Map<string, ts.SourceFile>()
  private readonly callers = new Map<string, ts.CallExpression[]>()
  private readonly calls = new Map<ts.Node, ts.CallExpression[]>()
  private readonly known = new Map<ts.Node, string[]>()

  private readonly texts: ReadonlyMap<string, string>

  /** @param texts all that `@/` names, by their paths */
  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts
  }

  /** Files that a pattern is found in, of those that a path is of. */
  containing(pattern: RegExp, isOf: (path: string) => boolean): ts.SourceFile[] {
    return [...this.texts]
      .filter(([path, text]) => isOf(path) && pattern.test(text))
      .map(([path]) => this.file(path))
  }

  /** Whether all these texts stand in one file. */
  haveTogether(texts: readonly string[], isOf: (path: string) => boolean): boolean {
    return [...this.texts].some(([path, all]) => isOf(path) && texts.every((one) => all.includes(one)))
  }

  at(node: ts.Node): string {
    const file = node.getSourceFile()
    return `src/${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
  }

  /** The sentences that an expression can be; holes where nothing is known of it. */
  sentencesOf(node: ts.Expression, depth = DEPTH): string[] {
    if (depth === 0) return [HOLE]
    let known = this.known.get(node)
    if (!known) {
      known = this.read(node, depth)
      this.known.set(node, known)
    }
    return known
  }

  private read(node: ts.Expression, depth: number): string[] {
    const unknown = [HOLE]
    const read = (one: ts.Expression) => this.sentencesOf(one, depth - 1)
    if (ts.isStringLiteralLike(node)) return [node.text]
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return read(node.expression)
    if (ts.isNonNullExpression(node)) return read(node.expression)
    if (ts.isConditionalExpression(node)) return either(read(node.whenTrue), read(node.whenFalse))
    if (ts.isTemplateExpression(node))
      return node.templateSpans.reduce(
        (heads, span) => together(heads, together(read(span.expression), [span.literal.text])),
        [node.head.text],
      )
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken
      if (kind === ts.SyntaxKind.PlusToken) return together(read(node.left), read(node.right))
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return read(node.right)
      if (kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken)
        return either(read(node.left), read(node.right)).filter((text) => text !== '')
      return unknown
    }
    if (ts.isIdentifier(node)) return this.named(node, depth)
    if (ts.isArrayLiteralExpression(node))
      return node.elements.flatMap((one) => read(ts.isSpreadElement(one) ? one.expression : one))
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [given] = node.arguments as readonly (ts.Expression | undefined)[]
      switch (node.expression.name.text) {
        case 'map':
          return given && isFunction(given) ? returnsOf(given).flatMap(read) : unknown
        case 'filter':
          return read(node.expression.expression)
        case 'toLowerCase':
          return read(node.expression.expression).map((text) => text.toLowerCase())
        case 'join':
          return given && ts.isStringLiteral(given) && given.text === ' '
            ? read(node.expression.expression)
            : unknown
        default:
          return unknown
      }
    }
    if (ts.isCallExpression(node)) {
      const made = ts.isIdentifier(node.expression) && this.declared(node.expression)
      return made && isFunction(made) && !FORMATS.has(made.name?.getText() ?? nameOfFunction(made))
        ? returnsOf(made).flatMap(read)
        : unknown
    }
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) {
      const record = ts.isIdentifier(node.expression) && this.declared(node.expression)
      const literal = record && ts.isExpression(record) ? bare(record) : null
      if (literal && ts.isArrayLiteralExpression(literal) && ts.isElementAccessExpression(node))
        return literal.elements.flatMap(read)
      if (!literal || !ts.isObjectLiteralExpression(literal)) return unknown
      return literal.properties
        .filter(ts.isPropertyAssignment)
        .filter(({ name }) => !ts.isPropertyAccessExpression(node) || name.getText() === node.name.text)
        .flatMap(({ initializer }) => read(initializer))
    }
    return unknown
  }

  private named(node: ts.Identifier, depth: number): string[] {
    const made = this.declared(node)
    if (!made) return [HOLE]
    if (!ts.isParameter(made)) return ts.isExpression(made) ? this.sentencesOf(made, depth - 1) : [HOLE]
    const at = made.parent.parameters.indexOf(made)
    let calls = this.calls.get(made.parent)
    if (!calls) {
      calls = this.callsOf(made.parent)
      this.calls.set(made.parent, calls)
    }
    const given = calls.flatMap(({ arguments: all }) => (all[at] ? this.sentencesOf(all[at], depth - 1) : []))
    const usual = made.initializer ? this.sentencesOf(made.initializer, depth - 1) : []
    const all = either(given, usual)
    return all.length > 0 ? all : [HOLE]
  }

  /** What a name stands for where it is used: a const's value, a parameter, a function. */
  private declared(name: ts.Identifier): Declared | null {
    for (let node: ts.Node = name.parent; node; node = node.parent) {
      if (ts.isFunctionLike(node)) {
        const found = node.parameters.find((one) => ts.isIdentifier(one.name) && one.name.text === name.text)
        if (found) return found
        if (node.parameters.some((one) => binds(one.name, name.text))) return null
      }
      if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseClause(node) || ts.isDefaultClause(node)) {
        const found = declaredIn(node.statements, name.text)
        if (found !== undefined) return found
      }
    }
    return this.imported(name.getSourceFile(), name.text)
  }

  private imported(file: ts.SourceFile, name: string): Declared | null {
    for (const one of file.statements) {
      if (!ts.isImportDeclaration(one) || !ts.isStringLiteral(one.moduleSpecifier)) continue
      const names = one.importClause?.namedBindings
      if (!names || !ts.isNamedImports(names)) continue
      const found = names.elements.find((element) => element.name.text === name)
      if (!found) continue
      const path = one.moduleSpecifier.text.replace(/^@\//, '')
      const source = [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((each) => this.texts.has(each))
      return source
        ? (declaredIn(this.file(source).statements, (found.propertyName ?? found.name).text) ?? null)
        : null
    }
    return null
  }

  /** Calls of a function by its name, in its own file and, where it is exported, in all others. */
  private callsOf(called: ts.SignatureDeclaration): ts.CallExpression[] {
    const name = nameOfFunction(called)
    const own = called.getSourceFile()
    const isElsewhere = this.isExported(own, name)
    const paths = [...this.texts].filter(
      ([path, text]) => (path === own.fileName || isElsewhere) && text.includes(`${name}(`),
    )
    const files = name === '' ? [] : paths.map(([path]) => this.file(path))
    return files.flatMap((file) =>
      this.allCalls(file).filter(({ expression }) => {
        if (ts.isPropertyAccessExpression(expression)) return false
        return ts.isIdentifier(expression) && expression.text === name && this.declared(expression) === called
      }),
    )
  }

  private isExported(file: ts.SourceFile, name: string): boolean {
    return new RegExp(`export (async )?(function|const) ${name}\\b`).test(file.text)
  }

  /** All calls of a file. */
  allCalls(file: ts.SourceFile): ts.CallExpression[] {
    let calls = this.callers.get(file.fileName)
    if (!calls) {
      calls = []
      for (const node of nodesOf(file)) if (ts.isCallExpression(node)) calls.push(node)
      this.callers.set(file.fileName, calls)
    }
    return calls
  }

  private file(path: string): ts.SourceFile {
    let file = this.parsed.get(path)
    if (!file) {
      file = ts.createSourceFile(path, this.texts.get(path) ?? '', ts.ScriptTarget.Latest, true)
      this.parsed.set(path, file)
    }
    return file
  }
}

type Declared = ts.ParameterDeclaration | ts.Expression | ts.FunctionDeclaration

/** Write values, not sentences. */
const FORMATS = new Set([
  ...['listWords', 'someWords', 'bytes', 'size', 'duration', 'seconds', 'nameOf'],
  ...['titleOf', 'shorten', 'keptName'],
])

export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  const waiting: ts.Node[] = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node
    node.forEachChild((child) => void waiting.push(child))
  }
}

const isFunction = (node: ts.Node): node is ts.FunctionDeclaration | ts.ArrowFunction =>
  ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)

const nameOfFunction = (node: ts.SignatureDeclaration): string =>
  node.name?.getText() ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '')

function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? bare(node.expression)
    : node
}

/** undefined: it is not declared there; null: as something that cannot be read. */
function declaredIn(statements: ts.NodeArray<ts.Statement>, name: string): Declared | null | undefined {
  for (const one of statements) {
    if (ts.isFunctionDeclaration(one) && one.name?.text === name) return one
    if (!ts.isVariableStatement(one)) continue
    for (const each of one.declarationList.declarations)
      if (ts.isIdentifier(each.name)) {
        if (each.name.text === name) return each.initializer ? bare(each.initializer) : null
      } else if (binds(each.name, name)) return null
  }
  return undefined
}

const binds = (name: ts.BindingName, wanted: string): boolean =>
  ts.isIdentifier(name)
    ? name.text === wanted
    : name.elements.some((one) => ts.isBindingElement(one) && binds(one.name, wanted))

/** What a function gives back. */
function returnsOf(node: ts.FunctionDeclaration | ts.ArrowFunction): ts.Expression[] {
  if (!node.body) return []
  if (!ts.isBlock(node.body)) return [node.body]
  const found: ts.Expression[] = []
  const walk = (one: ts.Node): void => {
    if (ts.isReturnStatement(one)) found.push(...(one.expression ? [one.expression] : []))
    else if (!ts.isFunctionLike(one)) one.forEachChild(walk)
  }
  walk(node.body)
  return found
}

const either = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])]

const together = (a: readonly string[], b: readonly string[]): string[] =>
  a.length * b.length > MOST ? [HOLE] : [...new Set(a.flatMap((head) => b.map((tail) => head + tail)))]
