enable subgroups;
#ifdef SHADER_F16
enable f16;
#endif
// softmax(scale * Q K^T) V, strategy "tile-subgroup": as "tile", but what lanes tell each other goes through the
// subgroup. Row maxima and sums are butterflies, weights are read from the lane that has them.
//
// The LANES invocations that share queries are neighbours and LANES is a power of two no larger than the smallest
// subgroup, so they are in one subgroup wherever invocations are dealt out to subgroups in order.
// Grid and defines: those of flash_tile.wgsl; BUTTERFLY = log2(LANES).
#include "attention_params.wgsl"
#include "attention_io.wgsl"
#include "flash_tile_stage.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) own_id: u32,
) {
  let head = group.y;
  let batch = group.z;
  let lane = index % LANES;
  let first_id = own_id - own_id % LANES;
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
    var best$r = max(max(p$r.x, p$r.y), max(p$r.z, p$r.w));
#for b 0 BUTTERFLY
    best$r = max(best$r, subgroupShuffleXor(best$r, 1u << $b));
#endfor
    let next$r = max(max$r, best$r);
    let keep$r = exp2(max$r - next$r);
    max$r = next$r;
    // The factor matters while max is EMPTY, when exp2(EMPTY - EMPTY) is 1.
    p$r = exp2(p$r - next$r) * seen;
    total$r = total$r * keep$r + dot(p$r, vec4f(1.0));
#endfor

#ifdef WRITE_OUT
#for r 0 ROWS
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
        let w$r = subgroupShuffle(p$r, first_id + slot + s);
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

#for r 0 ROWS
#for b 0 BUTTERFLY
  total$r += subgroupShuffleXor(total$r, 1u << $b);
#endfor
#endfor
#include "flash_tile_store.wgsl"
}
