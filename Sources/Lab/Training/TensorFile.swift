import Foundation
import ModelFiles
import OrderedCollections
import Torch

/// Tensors to safetensors and back.
public enum TensorFile {
  /// Writes tensors as one safetensors file, whole or not at all.
  public static func write(
    _ tensors: OrderedDictionary<String, Tensor>, to url: URL, metadata: [String: String] = [:]
  ) throws {
    let entries = tensors.map { (name: $0.key, dtype: fileType($0.value.dtype), shape: $0.value.shape) }
    let writer = try SafetensorsWriter(path: url.path, tensors: entries, metadata: metadata)
    for (name, tensor) in tensors {
      let local = try tensor.detached().to(.cpu).contiguous()
      try local.withUnsafeBytes { bytes in try writer.write(name, bytes: bytes) }
    }
    try writer.finish()
  }

  /// The file's tensors, on the CPU.
  public static func read(_ file: SafetensorsFile) throws -> OrderedDictionary<String, Tensor> {
    var tensors: OrderedDictionary<String, Tensor> = [:]
    for entry in file.tensors {
      guard let dtype = DType.allCases.first(where: { fileType($0) == entry.dtype }) else {
        throw LabError(.data, "\(file.path): \(entry.name) is \(entry.dtype), which the engine has no type for")
      }
      let tensor = try Tensor.empty(entry.shape, dtype: dtype)
      try tensor.withUnsafeMutableBytes { try file.read(entry.name, into: $0) }
      tensors[entry.name] = tensor
    }
    return tensors
  }

  private static func fileType(_ dtype: DType) -> SafetensorsDType {
    switch dtype {
    case .float32: .f32
    case .float64: .f64
    case .float16: .f16
    case .bfloat16: .bf16
    case .int64: .i64
    case .int32: .i32
    case .uint8: .u8
    case .bool: .bool
    }
  }
}
