// QK RMS norm, affine map of the ids, rotary embedding, packing into the Q/K/V arena.
//
// One workgroup per token: cosines and sines of its HEAD_DIM/2 pairs are made once and serve all heads;
// the sums of squares of its 2 * HEADS rows are made by LANES invocations each; then the pairs of
// q, k and v stream through. Grid: (length, batch).
//
// Defines: WORKGROUP, HEADS, HEAD_DIM (even), PAIRS = HEAD_DIM / 2, AXES, LANES, and flags
// HALF (keys and values leave as packed f16), TABLE (cosines and sines are given), AFFINE (of id axes ROW_AXIS and COLUMN_AXIS), FADING (the released DreamFuse code's border behaviour).
#include "fixed_trig.wgsl"
#ifdef HALF
#include "half_bits.wgsl"
#define KV_TYPE u32
#else
#define KV_TYPE vec2f
#endif

struct Params {
  tokens: u32,
  arena_tokens: u32,
  start: u32,
  arena_start: u32,
  // Size of the grid that FADING refers to.
  rows: u32,
  columns: u32,
  padding: vec2u,
  // Signed 32.32: column' = a*column + b*row + tx, row' = c*column + d*row + ty.
  a: vec2u,
  b: vec2u,
  c: vec2u,
  d: vec2u,
  tx: vec2u,
  ty: vec2u,
  // Per pair: turns per unit of position as 0.64 (upper, lower word), id axis, unused.
  pairs: array<vec4u, 64>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> qkv: array<vec2f>;
@group(0) @binding(2) var<storage, read> query_scale: array<vec2f>;
@group(0) @binding(3) var<storage, read> key_scale: array<vec2f>;
#ifdef TABLE
@group(0) @binding(4) var<storage, read> cosines: array<f32>;
@group(0) @binding(5) var<storage, read> sines: array<f32>;
#else
@group(0) @binding(4) var<storage, read> ids: array<f32>;
#endif
@group(0) @binding(6) var<storage, read_write> arena_q: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> arena_k: array<KV_TYPE>;
@group(0) @binding(8) var<storage, read_write> arena_v: array<KV_TYPE>;

var<workgroup> turn: array<vec2f, PAIRS>;
var<workgroup> partial: array<f32, 2 * HEADS * LANES>;
var<workgroup> factor: array<f32, 2 * HEADS>;

#ifdef FADING
struct Fade {
  value: vec2u,
  weight: vec2u,
}

// Linear interpolation of 0 … n-1 at p with zeros outside: the value, and the weight that was inside.
fn fade(p: vec2u, n: u32) -> Fade {
  let below = bitcast<i32>(p.x);
  let upper = vec2u(0u, p.y);
  let lower = fixed_add(vec2u(1u, 0u), fixed_negate(upper));
  var f = Fade(vec2u(0u), vec2u(0u));
  if (below >= 0 && below < i32(n)) {
    f.value = fixed_multiply(lower, vec2u(p.x, 0u));
    f.weight = lower;
  }
  if (below >= -1 && below + 1 < i32(n)) {
    f.value = fixed_add(f.value, fixed_multiply(upper, vec2u(p.x + 1u, 0u)));
    f.weight = fixed_add(f.weight, upper);
  }
  return f;
}
#endif

#ifdef TABLE
fn turn_of(token: u32, pair: u32) -> vec2f {
  return vec2f(cosines[token * PAIRS + pair], sines[token * PAIRS + pair]);
}
#else
fn turn_of(token: u32, pair: u32) -> vec2f {
  let entry = params.pairs[pair];
  return cos_sin(phase_of(position_of(token, entry.z), entry.xy));
}

fn position_of(token: u32, axis: u32) -> vec2u {
#ifdef AFFINE
  if (axis == ROW_AXIS || axis == COLUMN_AXIS) {
    let row = fixed_of(ids[token * AXES + ROW_AXIS]);
    let column = fixed_of(ids[token * AXES + COLUMN_AXIS]);
    let y = fixed_add(fixed_add(fixed_multiply(params.c, column), fixed_multiply(params.d, row)), params.ty);
    let x = fixed_add(fixed_add(fixed_multiply(params.a, column), fixed_multiply(params.b, row)), params.tx);
#ifdef FADING
    let fade_y = fade(y, params.rows);
    let fade_x = fade(x, params.columns);
    if (axis == ROW_AXIS) {
      return fixed_multiply(fade_y.value, fade_x.weight);
    }
    return fixed_multiply(fade_x.value, fade_y.weight);
#else
    return select(x, y, axis == ROW_AXIS);
#endif
  }
#endif
  return fixed_of(ids[token * AXES + axis]);
}
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let token = params.start + group.x;
  // In vec2f: q, k and v of this token are HEADS * PAIRS each, one after the other.
  let source = (group.y * params.tokens + token) * (3 * HEADS * PAIRS);
  let arena = (group.y * params.arena_tokens + params.arena_start + group.x) * (HEADS * PAIRS);

  for (var pair = lane; pair < PAIRS; pair += WORKGROUP) {
    turn[pair] = turn_of(token, pair);
  }
  for (var at = lane; at < 2 * HEADS * LANES; at += WORKGROUP) {
    let row = source + (at / LANES) * PAIRS;
    var sum = 0.0;
    for (var pair = at % LANES; pair < PAIRS; pair += LANES) {
      let x = qkv[row + pair];
      sum += dot(x, x);
    }
    partial[at] = sum;
  }
  workgroupBarrier();
  for (var row = lane; row < 2 * HEADS; row += WORKGROUP) {
    var sum = 0.0;
    for (var part = 0u; part < LANES; part++) {
      sum += partial[row * LANES + part];
    }
    factor[row] = inverseSqrt(sum / f32(HEAD_DIM) + 1e-6);
  }
  workgroupBarrier();

  for (var at = lane; at < HEADS * PAIRS; at += WORKGROUP) {
    let head = at / PAIRS;
    let pair = at % PAIRS;
    let r = turn[pair];
    let q = qkv[source + at] * factor[head] * query_scale[pair];
    arena_q[arena + at] = vec2f(q.x * r.x - q.y * r.y, q.x * r.y + q.y * r.x);
    let k = qkv[source + HEADS * PAIRS + at] * factor[HEADS + head] * key_scale[pair];
    let key = vec2f(k.x * r.x - k.y * r.y, k.x * r.y + k.y * r.x);
    let value = qkv[source + 2 * HEADS * PAIRS + at];
#ifdef HALF
    let halves = pack_halves(bitcast<vec4u>(vec4f(key, value)));
    arena_k[arena + at] = halves.x;
    arena_v[arena + at] = halves.y;
#else
    arena_k[arena + at] = key;
    arena_v[arena + at] = value;
#endif
  }
}
