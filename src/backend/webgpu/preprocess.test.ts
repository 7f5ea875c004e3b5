import { describe, expect, test } from 'vitest'
import { preprocess } from '@/backend/webgpu/preprocess'
import { InlayError } from '@/base/errors'

/** Non-empty lines, trimmed. */
function linesOf(source: string, defines = {}, includes = {}): string[] {
  return preprocess(source, defines, includes)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function messageOf(source: string, includes = {}): string {
  try {
    preprocess(source, {}, includes)
  } catch (error) {
    if (error instanceof InlayError) return error.problem.message
  }
  return 'did not throw'
}

describe('preprocess', () => {
  test('replaces whole words only', () => {
    expect(linesOf('let N2 = N + aN + N;', { N: 4 })).toEqual(['let N2 = 4 + aN + 4;'])
  })

  test('defines may use earlier defines and reach into includes', () => {
    const source = '#define TILE (KEYS * 2)\n#include "part"\nlet y = TILE;'
    expect(linesOf(source, { KEYS: 8 }, { part: 'let x = TILE;' })).toEqual([
      'let x = (8 * 2);',
      'let y = (8 * 2);',
    ])
  })

  test('conditions nest; false counts as undefined', () => {
    const source = '#ifdef A\na\n#ifndef B\nno b\n#else\nb\n#endif\n#else\nno a\n#endif'
    expect(linesOf(source, { A: true })).toEqual(['a', 'no b'])
    expect(linesOf(source, { A: 0, B: 1 })).toEqual(['a', 'b'])
    expect(linesOf(source, { A: false, B: true })).toEqual(['no a'])
  })

  test('what is skipped has no effect', () => {
    expect(linesOf('#ifdef A\n#define B 1\n#include "none"\n#for r 0 x\n#endfor\n#endif\nB')).toEqual(['B'])
  })

  test('loops repeat text, nest, and reach inside names', () => {
    const source = '#for r 0 ROWS\nvar s$r = 0;\n#for c 1 3\nt$r_$c(ROWS);\n#endfor\n#endfor'
    expect(linesOf(source, { ROWS: 2 })).toEqual([
      'var s0 = 0;',
      't0_1(2);',
      't0_2(2);',
      'var s1 = 0;',
      't1_1(2);',
      't1_2(2);',
    ])
    expect(linesOf('#for r 0 0\nx\n#endfor')).toEqual([])
  })

  test('a loop variable selects a condition', () => {
    expect(linesOf('#for s 0 2\n#ifdef HALF_$s\nhalf$s\n#endif\n#endfor', { HALF_1: true })).toEqual([
      'half1',
    ])
  })

  test.each([
    ['a\n#endif', 'shader:2'],
    ['#else', 'shader:1'],
    ['a\n\n#ifdef X\nb', 'shader:3'],
    ['#ifdef X\n#else\n#else\n#endif', 'shader:3'],
    ['#ifdef', 'shader:1'],
    ['#include "nothing"', 'shader:1'],
    ['#include nothing', 'shader:1'],
    ['#define 3 4', 'shader:1'],
    ['#pragma once', 'shader:1'],
    ['#for r 0 N\n#endfor', 'shader:1'],
    ['#for r 0 2', 'shader:1'],
    ['#endfor', 'shader:1'],
    ['#for r 0 2\nok\n#oops\n#endfor', 'shader:3'],
  ])('names the line of a mistake: %j', (source, where) => {
    expect(messageOf(source)).toContain(`at ${where}:`)
  })

  test('names the included file, and stops at an include of itself', () => {
    expect(messageOf('\n#include "part"', { part: 'x\n#bad' })).toContain('at part:2:')
    expect(messageOf('#include "part"', { part: '#include "part"' })).toContain('at part:1:')
  })
})
