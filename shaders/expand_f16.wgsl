// Packed f16 to f32, as bits: WGSL lets unpack2x16float flush subnormals and leaves infinities open.
//
// Each invocation makes one value, or four where all starts and counts are multiples of four (ALIGNED).
// Grid: linear over `count`, in rows. Defines: WORKGROUP, ALIGNED.
struct Params {
  source_start: u32,
  target_start: u32,
  count: u32,
  padding: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
#ifdef ALIGNED
@group(0) @binding(1) var<storage, read> halves: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4u>;
#else
@group(0) @binding(1) var<storage, read> halves: array<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<u32>;
#endif

// The bits of the f32 that equals the half in the lower 16 bits.
fn expand(half: u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let rest = (half & 0x7fffu) << 13u;
  let exponent = half & 0x7c00u;
  // The exponent's bias changes from 15 to 127, and its top from 31 to 255.
  var bits = rest + (112u << 23u);
  if (exponent == 0x7c00u) {
    bits = rest + (224u << 23u);
  } else if (exponent == 0u) {
    // A whole number of 2^-24, which is normal in f32.
    bits = bitcast<u32>(f32(half & 0x3ffu) * 5.9604644775390625e-8);
  }
  return sign | bits;
}

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
  let at = params.source_start + index;
#ifdef ALIGNED
  let packed = halves[at];
  floats[params.target_start + index] = vec4u(
    expand(packed.x & 0xffffu),
    expand(packed.x >> 16u),
    expand(packed.y & 0xffffu),
    expand(packed.y >> 16u),
  );
#else
  floats[params.target_start + index] = expand((halves[at / 2] >> (16u * (at % 2))) & 0xffffu);
#endif
}
