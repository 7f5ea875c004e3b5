// What every kernel over attention's operands shares: bindings, and reading rows of Q, K and V.
// The including file declares `Params` with at least heads, tokens_0, tokens_1 and
// ranges: array<vec4u, …> of (source, first token, length, unused).
// Defines: HEAD_DIM, D4 = ceil(HEAD_DIM / 4), SOURCES, and flags VEC4 (HEAD_DIM is a multiple of 4),
// HALF_0 / HALF_1 (source holds packed f16), MASK, WRITE_OUT, WRITE_LSE.

const EMPTY = -3.4e38;
const LN_2 = 0.6931471805599453;
const NO_SOURCE = 2u;

@group(0) @binding(0) var<uniform> params: Params;
#ifdef VEC4
@group(0) @binding(1) var<storage, read> q_values: array<vec4f>;
#else
@group(0) @binding(1) var<storage, read> q_values: array<f32>;
#endif

#define KEY_BINDING_0 2
#define VALUE_BINDING_0 3
#define KEY_BINDING_1 4
#define VALUE_BINDING_1 5
#define MASK_BINDING_0 6
#define MASK_BINDING_1 7

#for s 0 SOURCES
#ifdef HALF_$s
#ifdef VEC4
#define KV_TYPE_$s vec2u
#else
#define KV_TYPE_$s u32
#endif
#else
#ifdef VEC4
#define KV_TYPE_$s vec4f
#else
#define KV_TYPE_$s f32
#endif
#endif
@group(0) @binding(KEY_BINDING_$s) var<storage, read> k_values_$s: array<KV_TYPE_$s>;
#ifdef WRITE_OUT
@group(0) @binding(VALUE_BINDING_$s) var<storage, read> v_values_$s: array<KV_TYPE_$s>;
#endif
#ifdef MASK
@group(0) @binding(MASK_BINDING_$s) var<storage, read> mask_values_$s: array<f32>;
#endif
#endfor

#ifdef WRITE_OUT
#ifdef VEC4
@group(0) @binding(8) var<storage, read_write> out_values: array<vec4f>;
#else
@group(0) @binding(8) var<storage, read_write> out_values: array<f32>;
#endif
#endif
#ifdef WRITE_LSE
@group(0) @binding(9) var<storage, read_write> lse_values: array<f32>;
#endif

// Source and token of the n-th key of the ranges first to end - 1; NO_SOURCE past the last.
fn locate(n: u32, first: u32, end: u32) -> vec2u {
  var rest = n;
  for (var i = first; i < end; i++) {
    let range = params.ranges[i];
    if (rest < range.z) {
      return vec2u(range.x, range.y + rest);
    }
    rest -= range.z;
  }
  return vec2u(NO_SOURCE, 0u);
}

// Readers of channels 4i to 4i+3 of one head of one token; `row` counts heads: (batch * tokens + token) * heads + head.
#define HALF false
#define LOAD load_q
#define FROM q_values
#include "attention_load.wgsl"
#for s 0 SOURCES
#ifdef HALF_$s
#define HALF true
#else
#define HALF false
#endif
#define LOAD load_k_$s
#define FROM k_values_$s
#include "attention_load.wgsl"
#ifdef WRITE_OUT
#define LOAD load_v_$s
#define FROM v_values_$s
#include "attention_load.wgsl"
#endif
#endfor

// Index of a head of a key in its source.
fn key_row(found: vec2u, batch: u32, head: u32) -> u32 {
  let tokens = select(params.tokens_1, params.tokens_0, found.x == 0);
  return (batch * tokens + found.y) * params.heads + head;
}

// Zeros for a key past the end, so that what lies there can never reach a sum.
fn load_key(found: vec2u, row: u32, i: u32) -> vec4f {
#for s 0 SOURCES
  if (found.x == $s) {
    return load_k_$s(row, i);
  }
#endfor
  return vec4f(0);
}

#ifdef WRITE_OUT
fn load_value(found: vec2u, row: u32, i: u32) -> vec4f {
#for s 0 SOURCES
  if (found.x == $s) {
    return load_v_$s(row, i);
  }
#endfor
  return vec4f(0);
}
#endif

// 1 for a key that is seen, 0 for one that is hidden or past the end.
fn key_seen(found: vec2u, batch: u32) -> f32 {
#ifdef MASK
#for s 0 SOURCES
  if (found.x == $s) {
    return select(0.0, 1.0, mask_values_$s[batch * params.tokens_$s + found.y] > 0.5);
  }
#endfor
  return 0.0;
#else
  return select(1.0, 0.0, found.x == NO_SOURCE);
#endif
}

#ifdef WRITE_OUT
fn store_out(row: u32, i: u32, x: vec4f) {
#ifdef VEC4
  out_values[row * D4 + i] = x;
#else
#for c 0 4
  if (i * 4 + $c < HEAD_DIM) {
    out_values[row * HEAD_DIM + i * 4 + $c] = x[$c];
  }
#endfor
#endif
}
#endif
