import CTorch

let cpu = ct_device(type: CT_CPU, index: 0)

var lastError: String { String(cString: ct_last_error()) }

/// Ones.
func tensor(_ dims: [Int64], _ value: Double = 1) -> OpaquePointer? {
  var out: OpaquePointer?
  let status = ct_tensor_full(&out, dims, dims.count, value, CT_FLOAT32, cpu)
  return status == CT_OK ? out : nil
}

func tensor(_ dims: [Int64], values: [Float]) -> OpaquePointer? {
  var out: OpaquePointer?
  let status = ct_tensor_from_bytes(&out, values, values.count * 4, dims, dims.count, CT_FLOAT32, cpu)
  return status == CT_OK ? out : nil
}

func values(_ tensor: OpaquePointer?) -> [Float] {
  var out = [Float](repeating: .nan, count: Int(ct_tensor_element_count(tensor)))
  let status = ct_tensor_copy_bytes(&out, out.count * 4, tensor)
  return status == CT_OK ? out : []
}
