// Masked blend of a reference's keys and values into a target's, in place.
//
// Each invocation owns four channels of one token. Grid: linear over batch * rows * columns * D4, in rows.
// Defines: WORKGROUP, HEAD_DIM = D4 * 4 or less: channels of a token, VEC4 (it is a multiple of 4),
// HALF_REFERENCE (the reference is packed f16).
struct Params {
  batch: u32,
  rows: u32,
  columns: u32,
  // Masks; batch item b takes mask b % items.
  items: u32,
  mask_rows: u32,
  mask_columns: u32,
  padding: vec2u,
}

#ifdef VEC4
#define TARGET_TYPE vec4f
#else
#define TARGET_TYPE f32
#endif
#ifdef HALF_REFERENCE
#ifdef VEC4
#define REFERENCE_TYPE vec2u
#else
#define REFERENCE_TYPE u32
#endif
#else
#define REFERENCE_TYPE TARGET_TYPE
#endif

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> target_k: array<TARGET_TYPE>;
@group(0) @binding(2) var<storage, read_write> target_v: array<TARGET_TYPE>;
@group(0) @binding(3) var<storage, read> reference_k: array<REFERENCE_TYPE>;
@group(0) @binding(4) var<storage, read> reference_v: array<REFERENCE_TYPE>;
@group(0) @binding(5) var<storage, read> mask: array<f32>;

// Readers of channels 4i to 4i+3 of a token.
#define HALF false
#define LOAD load_target_k
#define FROM target_k
#include "attention_load.wgsl"
#define LOAD load_target_v
#define FROM target_v
#include "attention_load.wgsl"
#ifdef HALF_REFERENCE
#define HALF true
#endif
#define LOAD load_reference_k
#define FROM reference_k
#include "attention_load.wgsl"
#define LOAD load_reference_v
#define FROM reference_v
#include "attention_load.wgsl"

// Nearest resize: the cell that holds the token's upper left corner.
fn mask_of(token: u32) -> f32 {
  let tokens = params.rows * params.columns;
  let item = (token / tokens) % params.items;
  let row = ((token % tokens) / params.columns) * params.mask_rows / params.rows;
  let column = (token % params.columns) * params.mask_columns / params.columns;
  return mask[(item * params.mask_rows + row) * params.mask_columns + column];
}

// Exactly the reference where the mask is 1.
fn blend(own: vec4f, other: vec4f, m: f32) -> vec4f {
  return select(m * other + (1.0 - m) * own, other, m == 1.0);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * WORKGROUP + lane;
  let token = index / D4;
  let i = index % D4;
  if (token >= params.batch * params.rows * params.columns) {
    return;
  }
  let m = mask_of(token);
  if (m == 0.0) {
    return;
  }
  let k = blend(load_target_k(token, i), load_reference_k(token, i), m);
  let v = blend(load_target_v(token, i), load_reference_v(token, i), m);
#ifdef VEC4
  target_k[index] = k;
  target_v[index] = v;
#else
#for c 0 4
  if (i * 4 + $c < HEAD_DIM) {
    target_k[token * HEAD_DIM + i * 4 + $c] = k[$c];
    target_v[token * HEAD_DIM + i * 4 + $c] = v[$c];
  }
#endfor
#endif
}
