#ifdef SHADER_F16
enable f16;
#endif
// softmax(scale * Q K^T) V, strategy "tile": a workgroup owns a tile of queries and goes through tiles of keys.
//
// Scores and outputs are register-blocked micro tiles: an invocation multiplies ROWS queries with four keys, and
// ROWS rows of weights with VECTORS vec4s of values. Row maxima and weights cross between lanes through workgroup
// memory. The online softmax runs in base 2, once per tile; a tile of which no key is seen is skipped.
// Grid: (ceil(query_length / QUERIES), heads, batch). Defines: those of flash_tile_stage.wgsl, and WEIGHT_STRIDE.
#include "attention_params.wgsl"
#include "attention_io.wgsl"
#include "flash_tile_stage.wgsl"

#ifdef RESIDENT
// [QUERIES, WEIGHT_STRIDE], four keys each.
var<workgroup> weight_tile: array<vec4f, QUERIES * WEIGHT_STRIDE>;
#else
// Weights take the place of the queries, which come again for the next tile.
#define weight_tile query_tile
#endif
// One number per query and lane: the maxima of a tile, at last the sums.
var<workgroup> partial: array<f32, QUERIES * LANES>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  let head = group.y;
  let batch = group.z;
  let lane = index % LANES;
#for r 0 ROWS
  let query$r = index / LANES + $r * QUERY_ROWS;
  var max$r = EMPTY;
  // Of this lane's keys only.
  var total$r = 0.0;
#for d 0 VECTORS
  var sum$r_$d = vec4f(0.0);
#endfor
#endfor

#ifdef RESIDENT
  stage_queries(0, CHUNKS * CHUNK, group, index);
#endif

  for (var tile = 0u; tile < params.key_count; tile += KEYS) {
    if (locate_tile(tile, batch, head, index) == 0) {
      continue;
    }

#include "flash_tile_scores.wgsl"
    let seen = seen_by(lane);
#for r 0 ROWS
    p$r = select(vec4f(EMPTY), p$r, seen > vec4f(0.0));
    partial[query$r * LANES + lane] = max(max(p$r.x, p$r.y), max(p$r.z, p$r.w));
#endfor
    workgroupBarrier();
#for r 0 ROWS
    let before$r = max$r;
    for (var l = 0u; l < LANES; l++) {
      max$r = max(max$r, partial[query$r * LANES + l]);
    }
    let keep$r = exp2(before$r - max$r);
    // The factor matters while max is EMPTY, when exp2(EMPTY - EMPTY) is 1.
    p$r = exp2(p$r - max$r) * seen;
    total$r = total$r * keep$r + dot(p$r, vec4f(1.0));
#endfor

#ifdef WRITE_OUT
#for r 0 ROWS
    weight_tile[query$r * WEIGHT_STRIDE + lane] = p$r;
#for d 0 VECTORS
    sum$r_$d *= keep$r;
#endfor
#endfor
    for (var slot = 0u; slot < LANES; slot += SLOTS) {
      workgroupBarrier();
      stage_values(slot * 4, index);
      workgroupBarrier();
      for (var s = 0u; s < SLOTS; s++) {
#for r 0 ROWS
        let w$r = weight_tile[query$r * WEIGHT_STRIDE + slot + s];
#endfor
#for k 0 4
#for d 0 VECTORS
        let v$k_$d = load_kv((s * 4 + $k) * VALUE_STRIDE + $d * LANES + lane);
#for r 0 ROWS
        sum$r_$d += w$r[$k] * v$k_$d;
#endfor
#endfor
#endfor
      }
    }
#endif
  }

  workgroupBarrier();
#for r 0 ROWS
  partial[query$r * LANES + lane] = total$r;
#endfor
  workgroupBarrier();
#for r 0 ROWS
  total$r = 0.0;
  for (var l = 0u; l < LANES; l++) {
    total$r += partial[query$r * LANES + l];
  }
#endfor
#include "flash_tile_store.wgsl"
}
