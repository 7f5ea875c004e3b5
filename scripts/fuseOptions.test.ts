import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { parseAlignOptions } from './alignOptions.mjs'
import { parseComposeOptions } from './composeOptions.mjs'
import { parseFuseOptions } from './fuseOptions.mjs'
import { parseGrid } from './gridOptions.mjs'
import { parseMixOptions } from './mixOptions.mjs'
import { parseProjectOptions } from './projectOptions.mjs'
import { UsageError } from './usage.mjs'

const folder = mkdtempSync(join(tmpdir(), 'inlay-options-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
for (const name of ['b.png', 'f.png', 'g.png']) writeFileSync(at(name), '')

const GOOD = [
  '--background',
  at('b.png'),
  '--foreground',
  at('f.png'),
  '--box',
  '1,2,3,4',
  '--out',
  at('o.png'),
]

function problemWith(args: string[]): UsageError {
  try {
    parseFuseOptions(args)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`accepted: ${args.join(' ')}`)
}

/** The good arguments with one option's value replaced, or left out. */
const changed = (option: string, value?: string) =>
  GOOD.flatMap((arg, index) => {
    if (arg === option) return value === undefined ? [] : [arg]
    return GOOD[index - 1] === option ? (value === undefined ? [] : [value]) : [arg]
  })

test('reads a whole line and fills in the defaults', () => {
  expect(parseFuseOptions(GOOD)).toEqual({
    help: false,
    pictures: {
      background: at('b.png'),
      foregrounds: [{ file: at('f.png'), box: { x: 1, y: 2, width: 3, height: 4 }, lift: 0 }],
    },
    stretch: false,
    prompt: '',
    steps: 4,
    seed: '1',
    strength: 1,
    lighting: { lights: [], horizon: null, fov: null },
    backend: 'auto',
    arithmetic: 'exact',
    out: at('o.png'),
    layers: null,
    klein: null,
  })
})

test('klein has settings of its own', () => {
  const args = [...GOOD, '--model', 'klein', '--without', 'clean,blend', '--variations', '3', '--size', '512']
  const lora = at('f.png')
  const adapters = ['--lora', lora, '--lora', `${lora}=-0.5`]
  const read = parseFuseOptions([...args, '--weights', folder, ...adapters])
  expect(!read.help && read.klein).toEqual({
    weights: [folder],
    loras: [
      { file: lora, weight: 1 },
      { file: lora, weight: -0.5 },
    ],
    kept: { profile: expect.stringMatching(/\.cache.klein$/), port: 41_873 },
    precision: null,
    variations: 3,
    memoryGB: 8,
    settings: {
      ...{ size: 512, cutout: true, clean: false, blend: false, padding: true, scene: '', detail: 0.5 },
    },
  })
})

test('every folder in which klein is kept has a port of its own', () => {
  const keptIn = (cache: string) => {
    const read = parseFuseOptions([...GOOD, '--model', 'klein', '--cache', cache])
    return !read.help && read.klein?.kept
  }
  expect(keptIn(folder)).toMatchObject({ profile: folder })
  expect(keptIn(folder)).toEqual(keptIn(folder))
  expect(keptIn(folder)).not.toEqual(keptIn(at('other')))
  const usual = parseFuseOptions([...GOOD, '--model', 'klein'])
  const { profile = '' } = (!usual.help && usual.klein?.kept) || {}
  expect(keptIn(profile)).toEqual({ profile, port: 41_873 })
})

test('pairs foregrounds with boxes in their order', () => {
  const options = parseFuseOptions([...GOOD, '--box=5,6,7,8', '--foreground', at('g.png')])
  expect(options).toMatchObject({
    pictures: { foregrounds: [{ file: at('f.png') }, { file: at('g.png'), box: { x: 5, height: 8 } }] },
  })
})

test('a box may begin left of the picture', () => {
  const options = parseFuseOptions(changed('--box', '-10,2,30,4'))
  expect(options).toMatchObject({ pictures: { foregrounds: [{ box: { x: -10 } }] } })
})

test('help wins over everything that is missing', () => {
  expect(parseFuseOptions(['--help'])).toEqual({ help: true })
})

test.each([
  [changed('--background'), /--background is missing/],
  [changed('--foreground'), /--foreground is missing/],
  [changed('--box'), /1 --foreground and 0 --box/],
  [changed('--out'), /--out is missing/],
  [changed('--background', '/no/such.png'), /no file/],
  [changed('--background', folder), /not a file/],
  [changed('--box', '1,2,3'), /four numbers/],
  [changed('--box', '1,2,3,x'), /four numbers/],
  [changed('--box', '1,2,0,4'), /width and a height/],
  [changed('--box', '1,2,3,-4'), /width and a height/],
  [changed('--out', '/no/such/folder/o.png'), /no folder/],
  [changed('--out', folder), /is a folder/],
  [changed('--out', at('b.png')), /one of the inputs/],
  [[...GOOD, '--steps', '0'], /--steps must be a whole number from 1 to 100/],
  [[...GOOD, '--steps', '2.5'], /whole number/],
  [[...GOOD, '--seed', '-1'], /--seed/],
  [[...GOOD, '--seed', ''], /--seed/],
  [[...GOOD, '--seed', '1.5'], /--seed/],
  [[...GOOD, '--seed', '18446744073709551616'], /--seed/],
  [[...GOOD, '--strength', '2'], /--strength must be a number from 0.05 to 1/],
  [[...GOOD, '--backend', 'metal'], /--backend must be webgpu or cpu/],
  [[...GOOD, '--arithmetic', 'rough'], /--arithmetic must be exact or fast/],
  [[...GOOD, '--model', folder], /--model can be klein/],
  [[...GOOD, '--weights', folder], /--weights is for --model klein/],
  [[...GOOD, '--model', 'klein', '--strength', '0.6'], /1, 0.75 or 0.5/],
  [[...GOOD, '--model', 'klein', '--without', 'clean,sky'], /--without takes/],
  [[...GOOD, '--model', 'klein', '--weights', at('nothing')], /there is nothing/],
  [[...GOOD, '--lora', folder], /--lora is for --model klein/],
  [[...GOOD, '--model', 'klein', '--lora', at('nothing=2')], /there is nothing/],
  [[...GOOD, '--model', 'klein', '--lora', `${folder}=strong`], /--lora must be a number from -4 to 4/],
  [[...GOOD, '--model', 'klein', '--precision', 'q5'], /--precision must be/],
  [[...GOOD, '--demo'], /own pictures/],
  [[...GOOD, '--colour', 'red'], /--colour/],
  [[...GOOD, 'stray'], /stray/],
])('says what is wrong: %j', (args, message) => {
  const problem = problemWith(args)
  expect(problem.message).toMatch(message)
  expect(problem.hint).not.toBe('')
})

test('takes light from the photo, with what overrides it', () => {
  const options = parseFuseOptions([...GOOD, '--light', 'photo', '--horizon', '200'])
  expect(options).toMatchObject({
    lighting: { lights: [], horizon: { row: 200, tilt: 0 }, fov: null },
  })
})

test('takes light that is set by hand', () => {
  const options = parseFuseOptions([
    ...GOOD,
    '--light',
    '200,40,6,0.35',
    '--light=90,20',
    '--horizon',
    '-30,2.5',
  ])
  expect(options).toMatchObject({
    lighting: {
      lights: [
        { azimuth: 200, elevation: 40, disc: 6, share: 0.35 },
        { azimuth: 90, elevation: 20, disc: 10, share: null },
      ],
      horizon: { row: -30, tilt: 2.5 },
      fov: null,
    },
  })
  expect(parseFuseOptions([...GOOD, '--fov', '70'])).toMatchObject({
    lighting: { lights: [], horizon: null, fov: 70 },
  })
})

test.each([
  [['--light', '200']],
  [['--light', '200,40,6,0.35,7']],
  [['--light', '200,40,6,1.5']],
  [['--light', '200,up']],
  [['--light', '400,40']],
  [['--horizon', 'middle']],
  [['--fov', '300']],
  [['--light', '1,20', '--light', '2,20', '--light', '3,20']],
  [['--light', 'photo', '--light', '2,20']],
])('refuses light that makes no sense: %j', (args) => {
  expect(problemWith([...GOOD, ...args]).message).toMatch(/--(light|horizon|fov)/)
})

test('lifts what does not stand, all or each', () => {
  const lifted = (...args: string[]) => {
    const options = parseFuseOptions([...GOOD, ...args])
    return options.help ? [] : options.pictures?.foregrounds.map(({ lift }) => lift)
  }
  const second = ['--foreground', at('g.png'), '--box', '5,6,7,8']
  expect(lifted()).toEqual([0])
  expect(lifted(...second, '--lift', '0.5')).toEqual([0.5, 0.5])
  expect(lifted(...second, '--lift', '0,1.25')).toEqual([0, 1.25])
  expect(problemWith([...GOOD, '--lift', '0,1']).message).toMatch(/1 --foreground and 2 numbers/)
  expect(problemWith([...GOOD, '--lift', '-1']).message).toMatch(/--lift must be/)
})

test('takes a place for the layers', () => {
  expect(parseFuseOptions([...GOOD, '--layers', at('o.PSD')])).toMatchObject({
    layers: { kind: 'psd', path: at('o.PSD') },
  })
  const empty = mkdtempSync(join(folder, 'empty.'))
  for (const path of [at('new'), `${at('new')}/`, empty])
    expect(parseFuseOptions([...GOOD, '--layers', path])).toMatchObject({ layers: { kind: 'folder' } })
})

test.each([
  [[...GOOD, '--layers', at('o.tiff')], /cannot be written as \.tiff/],
  [[...GOOD, '--layers', folder], /is not empty/],
  [[...GOOD, '--layers', at('b.png')], /read or written already/],
  [[...GOOD, '--layers', at('o.png')], /read or written already/],
  [[...GOOD, '--layers', '/no/such/folder/o.psd'], /no folder/],
  [[...GOOD, '--layers', ''], /needs a path/],
])('says where layers cannot go: %j', (args, message) => {
  const problem = problemWith(args)
  expect(problem.message).toMatch(message)
  expect(problem.hint).not.toBe('')
})

const MIX = ['--mode', 'mix', '--object', at('f.png'), '--object', at('g.png'), '--out', at('o.png')]

const jobOf = <J>(parsed: { help: true } | { help: false; job: J }): J => {
  if (parsed.help) throw new Error('help instead of a job')
  return parsed.job
}

test('arguments of Mix', () => {
  const named = ['--models', folder, '--alpha', '0.4', '--label', 'jar', '--label', 'owl']
  expect(jobOf(parseMixOptions([...MIX, ...named]))).toMatchObject({
    options: {
      objects: [
        { file: at('f.png'), label: 'jar' },
        { file: at('g.png'), label: 'owl' },
      ],
      ...{ model: 'flux', shares: [0.6, 0.4], size: 512, steps: 20, seed: '1' },
    },
    engine: { backend: 'auto', arithmetic: 'exact' },
    ...{ weights: [folder], precisions: ['q4'], kept: null },
  })
  expect(jobOf(parseMixOptions([...MIX, '--models', folder]))).toMatchObject({ options: { shares: null } })
  const built = jobOf(parseMixOptions([...MIX, '--model', 'painter', '--painter2', folder]))
  expect(built).toMatchObject({ painter2: folder, packs: null, options: { model: 'painter' } })
})

test.each([
  [['--object', at('b.png'), '--object', at('b.png'), '--object', at('b.png')], '--object'],
  [['--models', at('nowhere')], '--models'],
  [['--models', folder, '--alpha', '2'], '--alpha'],
  [['--models', folder, '--alpha', '0.5', '--object', at('b.png')], '--alpha'],
  [['--models', folder, '--label', 'jar'], '--label'],
  [['--models', folder, '--size', '300'], '--size'],
  [['--models', folder, '--precision', 'q2'], '--precision'],
  [['--model', 'painter', '--weights', folder], '--weights is for imported models'],
  [['--shares', '0.5,0.6'], '--shares are together 1'],
  [['--shares', '1'], '--shares takes a number for each'],
  [['--strengths', '1,2'], '--strengths need shares'],
  [['--slerp', 'bent'], '--slerp must be released, true or whole'],
])('Mix with %j is refused', (more, option) => {
  expect(() => parseMixOptions([...MIX, ...more])).toThrow(option)
})

const COMPOSE = ['--reference', at('f.png'), '--prompt', 'a jar', '--out', at('o.png')]

test('arguments of Compose', () => {
  const dreamo = ['--model', 'dreamo', '--role', 'style', '--width', '512', '--trueCfg', '2', '--turbo']
  expect(jobOf(parseComposeOptions([...COMPOSE, ...dreamo]))).toMatchObject({
    mode: 'compose',
    options: {
      references: [{ file: at('f.png'), role: 'style' }],
      ...{ prompt: 'a jar', model: 'dreamo', width: 512, trueCfg: 2, turbo: true, seed: '1' },
    },
    packs: { precision: null, base: 'flux', loras: [] },
  })
  expect(jobOf(parseComposeOptions(COMPOSE))).toMatchObject({
    packs: null,
    kept: null,
    options: { model: undefined },
  })
})

test.each([
  [['--reference', at('nothing.png')], 'there is no file'],
  [['--role', 'style'], '--role is for --model dreamo'],
  [['--model', 'dreamo', '--role', 'hat'], '--role must be subject, identity, style or tryOn'],
  [['--model', 'painter', '--instruction', 'x'], '--instruction is for --model klein'],
  [['--width', '500'], '--width goes in steps of 16'],
  [['--guidance', '31'], '--guidance must be a number from 0 to 30'],
  [['--model', 'sd'], '--model must be painter, klein or dreamo'],
  [['--colour', 'red'], '--colour'],
])('Compose with %j is refused', (more, message) => {
  expect(() => parseComposeOptions([...COMPOSE, ...more])).toThrow(message)
})

const ALIGN = ['--prompt', 'a red ball', '--words', 'red=0.2,ball', '--base', '1', '--reference', at('f.png')]

test('arguments of Align', () => {
  const more = ['--fused', '2,9', '--steps', '10', '--out', at('o.png')]
  expect(jobOf(parseAlignOptions([...ALIGN, ...more]))).toMatchObject({
    mode: 'align',
    options: {
      words: [{ word: 'red', threshold: 0.2 }, 'ball'],
      ...{ base: { seed: '1' }, reference: { file: at('f.png') }, model: 'painter' },
      ...{ fused: { first: 2, last: 9 }, steps: 10 },
    },
    packs: null,
  })
})

test.each([
  [['--words', ''], '--words is missing'],
  [['--words', 'ball=2'], '--words must be a number from 0 to 1'],
  [['--base', 'x.png'], '--base: there is no file'],
  [['--base', '18446744073709551616'], '--base must be a whole number'],
  [['--fused', '3'], '--fused takes FIRST,LAST'],
  [['--union', 'and'], '--union must be or or xor'],
  [['--model', 'flux'], '--model must be painter or sd'],
])('Align with %j is refused', (more, message) => {
  expect(() => parseAlignOptions([...ALIGN, ...more, '--out', at('o.png')])).toThrow(message)
})

test('a project stands alone', () => {
  writeFileSync(at('p.inlay'), '')
  const parsed = jobOf(parseProjectOptions([at('p.inlay'), '--out', at('o.png'), '--cache', folder]))
  expect(parsed).toMatchObject({ options: { project: { file: at('p.inlay') } }, kept: { profile: folder } })
  expect(() => parseProjectOptions([at('p.inlay'), '--mode', 'mix', '--out', at('o.png')])).toThrow('--mode')
})

test('a grid of seeds is refused where there is no --seed, and says what to vary instead', () => {
  const asked = ['--mode', 'align', '--grid', '--seeds', '1,2', '--out', 'grid']
  expect(() => parseGrid(asked, false)).toThrow('neither Align nor a project')
  expect(parseGrid(['--grid', '--vary', 'base=1,2', '--out', 'grid'], false)?.cells).toHaveLength(2)
})

test('a grid is one line for several seeds and values', () => {
  expect(parseGrid(GOOD)).toBeNull()
  const grid = parseGrid([...GOOD, '--grid', '--seed', '9', '--seeds', '1,2', '--vary', 'strength=0.5,1'])
  expect(grid).toMatchObject({ folder: at('o.png'), columns: 2 })
  expect(grid?.cells.map(({ name }) => name)).toEqual([
    'strength 0.5, seed 1',
    'strength 0.5, seed 2',
    'strength 1, seed 1',
    'strength 1, seed 2',
  ])
  const read = parseFuseOptions(grid?.cells[2].args ?? [])
  expect(read).toMatchObject({ strength: 1, seed: '1' })
  const lights = parseGrid([...GOOD, '--grid', '--vary', 'light=90,30;200,40'])
  expect(lights?.cells.map(({ args }) => args).at(-1)).toContain('--light=200,40')
})

test.each([
  [['--seeds', '1,2'], '--seeds is for --grid'],
  [['--grid'], 'something to vary'],
  [['--grid', '--seeds', '1,x'], '--seeds must be a whole number'],
  [['--grid', '--vary', 'strength'], '--vary takes OPTION=A,B,C'],
  [['--grid', '--vary', 'out=a,b'], '--out is the same for all'],
])('a grid with %j is refused', (more, message) => {
  expect(() => parseGrid([...GOOD, ...more])).toThrow(message)
})
