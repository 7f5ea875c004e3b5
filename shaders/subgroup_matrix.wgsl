// What strategy "subgroup-matrix" asks of the hardware, in one place: the extension is an experiment whose words change.
// Includer: workgroup memory kv_tile, weights: array<HALF_TYPE, …> and work: array<f32, …>.
// Defines: MATRIX_M, MATRIX_N, MATRIX_K.
alias Left = subgroup_matrix_left<f16, MATRIX_K, MATRIX_M>;
alias Right = subgroup_matrix_right<f16, MATRIX_N, MATRIX_K>;
alias Result = subgroup_matrix_result<f32, MATRIX_N, MATRIX_M>;

fn to_half(x: f32) -> f16 {
  return f16(x);
}

// Rows of `stride` from `offset` on.
fn left_of_tile(offset: u32, stride: u32) -> Left {
  return subgroupMatrixLoad<Left, row_major>(&kv_tile, offset, stride);
}
fn left_of_weights(offset: u32, stride: u32) -> Left {
  return subgroupMatrixLoad<Left, row_major>(&weights, offset, stride);
}
fn right_of_tile(offset: u32, stride: u32) -> Right {
  return subgroupMatrixLoad<Right, row_major>(&kv_tile, offset, stride);
}
fn multiply_add(a: Left, b: Right, sum: Result) -> Result {
  return subgroupMatrixMultiplyAccumulate(a, b, sum);
}
fn store_work(offset: u32, x: Result, stride: u32) {
  subgroupMatrixStore<row_major>(&work, offset, x, stride);
}
