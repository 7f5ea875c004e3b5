// f32 to packed f16, as bits: WGSL leaves open how pack2x16float rounds and what it makes of large numbers.
//
// Each invocation makes one word of two halves, the lower one first. Grid: linear over the words, in rows.
// Defines: WORKGROUP.
struct Params {
  // Values; with an odd count the last word's upper half is 0.
  count: u32,
  padding_0: u32,
  padding_1: u32,
  padding_2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> floats: array<u32>;
@group(0) @binding(2) var<storage, read_write> halves: array<u32>;

// The half nearest to the f32 of these bits, ties to even; overflow becomes infinity.
fn pack(bits: u32) -> u32 {
  let sign = (bits >> 16u) & 0x8000u;
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return sign | 0x7e00u;
  }
  // From 2^16 on.
  if (magnitude >= 0x47800000u) {
    return sign | 0x7c00u;
  }
  // Below 2^-14 a half is a whole number of 2^-24.
  if (magnitude < 0x38800000u) {
    return sign | u32(round(bitcast<f32>(magnitude) * 16777216.0));
  }
  // The exponent's bias changes from 127 to 15; rounding carries into the exponent, and from 65520 on into infinity.
  let rest = magnitude - (112u << 23u);
  return sign | ((rest + 0xfffu + ((rest >> 13u) & 1u)) >> 13u);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let word = (group.y * groups.x + group.x) * WORKGROUP + lane;
  let at = word * 2;
  if (at >= params.count) {
    return;
  }
  var packed = pack(floats[at]);
  if (at + 1 < params.count) {
    packed |= pack(floats[at + 1]) << 16u;
  }
  halves[word] = packed;
}
