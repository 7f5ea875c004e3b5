import { readdirSync, readFileSync } from 'node:fs'

import * as ts from 'typescript'
import { beforeAll, expect, it } from 'vitest'

import { de, recognised } from '@/words/de'
import { told } from '@/words/de/told'
import { patternsOf, piecesOf } from '@/words/patterns'
import { HOLE, nodesOf, Sources, type Said } from '@/words/testSaid'

/** Never reaches the page, or what the page itself says. */
const ELSEWHERE = /^(cli|conformance|words|engine\/(?!client))/
/** Whose own mistakes (`internal`) are told as they are, for whoever gets the report. */
const INSIDE = /^(backend|base|layers|nets|onnx|pipelines|samplers|schema|text)\//
const CALLS =
  /\bfail\(|\b(message|hint|reason|stage|reasons|warnings|notes|words|sentence|note|licence|description|packWords)\b|actions\.(apply|begin)\(|setScene\(|progress\(|follow/

/** What of a call is said, by what is called. */
function saidBy({ expression, arguments: given }: ts.CallExpression): readonly ts.Expression[] {
  if (ts.isIdentifier(expression))
    switch (expression.text) {
      case 'fail':
        return given.slice(isOurMistake(given[0]) ? 2 : 1, 3)
      case 'setScene':
        return given.slice(1, 2)
      case 'progress':
        return given.slice(0, 1)
      default:
        return []
    }
  if (!ts.isPropertyAccessExpression(expression)) return []
  const of = expression.expression.getText()
  switch (expression.name.text) {
    case 'apply':
    case 'begin':
      return of.endsWith('actions') ? given.slice(0, 1) : []
    case 'progress':
      return of === 'running' ? given.slice(0, 1) : []
    case 'follow':
      return of === 'running' ? given.slice(1, 2) : []
    case 'push':
      return /^(reasons|warnings|notes)$/.test(of) ? given : []
    default:
      return []
  }
}

const isOurMistake = (code: ts.Expression): boolean =>
  ts.isStringLiteral(code) && code.text === 'internal' && INSIDE.test(code.getSourceFile().fileName)

function readSources(): Map<string, string> {
  const root = new URL('..', import.meta.url)
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const isOurs = (path: string) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|(^|\/)test[A-Z]\w*\.ts$/.test(path)
  return new Map(paths.filter(isOurs).map((path) => [path, readFileSync(new URL(path, root), 'utf8')]))
}

/** Whether what an object says under this name is shown. */
function isTold({ name, parent }: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): boolean {
  const path = parent.getSourceFile().fileName
  const has = (wanted: string) => parent.properties.some((one) => one.name?.getText() === wanted)
  switch (name.getText()) {
    case 'message':
    case 'hint':
      return path !== 'base/errors.ts' && (!path.startsWith('ui/') || has('code') || has('message'))
    case 'reason':
      return /^(backend|nets|pipelines)\//.test(path)
    case 'reasons':
    case 'warnings':
    case 'notes':
      return /^(document|families|pipelines|weights)\//.test(path)
    case 'stage':
      return path.startsWith('app/')
    case 'words':
    case 'sentence':
    case 'note':
    case 'licence':
    case 'description':
      return path.startsWith('families/') && !path.endsWith('adapters.ts')
    case 'name':
      return path.startsWith('families/') && has('repository')
    default:
      return path.startsWith('families/') && parent.parent.getText().startsWith('packWords')
  }
}

const isList = ({ name }: ts.VariableDeclaration): boolean =>
  /^(reasons|warnings|notes)$/.test(name.getText()) && !name.getSourceFile().fileName.startsWith('ui/')

const isReached = (path: string): boolean => !ELSEWHERE.test(path)

function allSaid(sources: Sources): Said[] {
  const said: Said[] = []
  const tell = (node: ts.Expression) => {
    for (const sentence of sources.sentencesOf(node)) said.push({ sentence, at: sources.at(node) })
  }
  for (const file of sources.containing(CALLS, isReached))
    for (const node of nodesOf(file))
      if (ts.isCallExpression(node)) saidBy(node).forEach(tell)
      else if (ts.isPropertyAssignment(node) && isTold(node)) tell(node.initializer)
      else if (ts.isShorthandPropertyAssignment(node) && isTold(node)) tell(node.name)
      else if (ts.isVariableDeclaration(node) && node.initializer && isList(node)) tell(node.initializer)
  return said
}

/** Names that look like words. */
const NAMES = new Set(['Redux'])
const isName = (sentence: string): boolean =>
  isData(sentence) && (NAMES.has(sentence) || !/^[A-Z][a-z]+$/.test(sentence))

/** Whether a text is data: holes, names and numbers, no words that are translated. */
const isData = (text: string): boolean => text.split(/\s+/).every((word) => /[^a-z,;:’'()-]/.test(word))

const patterns = patternsOf(Object.keys(recognised))

/** The sentence of the catalogue that says this; null where there is none. */
function known(text: string): string | null {
  if (Object.hasOwn(de, text)) return text
  for (const { sentence, match } of patterns) {
    const values = Object.entries(match(text) ?? {})
    if (values.length === 0) continue
    if (values.every(([name, value]) => fits(name, value))) return sentence
  }
  return null
}

function fits(name: string, value: string): boolean {
  if (name.startsWith('told'))
    return value === HOLE || [value, value.charAt(0).toUpperCase() + value.slice(1), `${value}.`].some(known)
  return /^(detail|list)/.test(name) ? !isCut(value) : isData(value)
}

const isCut = (text: string): boolean => /[.!?] [A-Z“]/.test(text)

/** Sentences that are said one after the other. */
function* sentencesIn(text: string): Generator<string> {
  if (Object.hasOwn(de, text)) return yield text
  const cut = text.search(/[.!?] (?=[A-Z“\u0001])/)
  if (cut < 0 || known(text) !== null) return yield text
  yield text.slice(0, cut + 1)
  yield* sentencesIn(text.slice(cut + 2))
}

let sources: Sources
let said: Said[] = []
beforeAll(() => {
  sources = new Sources(readSources())
  said = allSaid(sources)
})

it('the catalogue has every sentence that code below the page says', () => {
  expect(said.length).toBeGreaterThan(1000)
  const lacking = new Map<string, string>()
  for (const { sentence, at } of said)
    for (const one of sentencesIn(sentence))
      if (!isName(one) && known(one) === null) lacking.set(one.replaceAll(HOLE, '{…}'), at)
  expect([...lacking].map(([sentence, at]) => `${at}: ${sentence}`)).toEqual([])
})

it('the catalogue has titles of all samples and names of their layers', () => {
  const file = new URL('../../public/samples/samples.json', import.meta.url)
  const samples = JSON.parse(readFileSync(file, 'utf8')) as {
    title: string
    foregrounds: { name: string }[]
  }[]
  const names = samples.flatMap(({ title, foregrounds }) => [title, ...foregrounds.map(({ name }) => name)])
  expect(names.filter((name) => !Object.hasOwn(de, name))).toEqual([])
})

it('the catalogue has no sentence that nobody says any more', () => {
  const used = new Set(said.flatMap(({ sentence }) => [...sentencesIn(sentence)].map(known)))
  // What is said in another way than those above stands somewhere as it is, but for its holes.
  const isSaid = (sentence: string) =>
    sources.haveTogether(
      piecesOf(sentence).filter((piece, at) => at % 2 === 0 && piece !== ''),
      isReached,
    )
  expect(Object.keys(told).filter((sentence) => !used.has(sentence) && !isSaid(sentence))).toEqual([])
})
