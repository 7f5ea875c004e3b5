// f32 to packed f16.
//
// Each invocation packs four values; buffers are whole multiples of 16 bytes, so that the last four may reach behind
// the tensor. Grid: linear over the fours, in rows. Defines: WORKGROUP.
struct Params {
  // Fours of values.
  count: u32,
  padding_0: u32,
  padding_1: u32,
  padding_2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> floats: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> halves: array<vec2u>;

#include "half_bits.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * WORKGROUP + lane;
  if (index >= params.count) {
    return;
  }
  halves[index] = pack_halves(floats[index]);
}
