// Halves as bits: WGSL leaves open how pack2x16float rounds and what it makes of large numbers.

// The halves nearest to the f32 of these bits, ties to even; overflow becomes infinity.
fn half_bits(bits: vec4u) -> vec4u {
  let magnitude = bits & vec4u(0x7fffffffu);
  // The exponent's bias changes from 127 to 15; rounding carries into the exponent, and from 65520 on into infinity.
  let rest = magnitude - vec4u(112u << 23u);
  var half = (rest + 0xfffu + ((rest >> vec4u(13u)) & vec4u(1u))) >> vec4u(13u);
  // Below 2^-14 a half is a whole number of 2^-24.
  let tiny = magnitude < vec4u(0x38800000u);
  let small = bitcast<vec4f>(select(vec4u(0u), magnitude, tiny));
  half = select(half, vec4u(round(small * 16777216.0)), tiny);
  // From 2^16 on, and what is no number.
  half = select(half, vec4u(0x7c00u), magnitude >= vec4u(0x47800000u));
  half = select(half, vec4u(0x7e00u), magnitude > vec4u(0x7f800000u));
  return ((bits >> vec4u(16u)) & vec4u(0x8000u)) | half;
}

// Two words of two halves each.
fn pack_halves(bits: vec4u) -> vec2u {
  let half = half_bits(bits);
  return half.xz | (half.yw << vec2u(16u));
}
