import IDInit

/// A tensor that a program's `state_dict()` holds: a parameter or a persistent buffer.
public struct StoredTensor: Hashable, Sendable {
  /// What the tensor is to its model.
  public enum Kind: Hashable, Sendable {
    /// Trained, or stored beside what is trained.
    case parameter, buffer
  }

  /// Whether the archive has the tensor's values.
  public enum Storage: Hashable, Sendable {
    /// They can be read.
    case values
    /// The model was on the meta device (or fake) when it was exported: there are none.
    case none
    /// They are there, but not in a form that is read here, for the reason given.
    case unreadable(reason: String)
  }

  /// The dotted path, as `state_dict()` has it.
  public let name: String
  /// What the tensor is to its model.
  public let kind: Kind
  /// The element type.
  public let dtype: TensorDType
  /// Sizes of the axes, slowest first; empty for a scalar.
  public let shape: [Int]
  /// The name of the tensor that this one is another name of, if it is: both are one memory.
  public internal(set) var tiedTo: String?
  /// Whether the archive has its values.
  public let storage: Storage
  /// Where the values are, for `Storage.values`.
  let place: StoragePlace?

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// Where in a member of the archive a tensor's values are. Offset and strides count elements.
struct StoragePlace: Hashable, Sendable {
  /// The member's name in the weights folder: tensors that share memory share it.
  var member: String
  var offset: Int
  var strides: [Int]

  /// Whether the elements follow one another in row-major order.
  func isContiguous(shape: [Int]) -> Bool {
    if shape.contains(0) { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// One more than the greatest element of the storage that a tensor of this shape uses; nil where that overflows.
  /// 0 for a tensor without elements.
  func end(shape: [Int]) -> Int? {
    if shape.contains(0) { return 0 }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (extent, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(extent)
      if overflow || carry { return nil }
      last = sum
    }
    let (end, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : end
  }
}

extension TensorDType {
  /// The bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8, .float8E4M3FN, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0FNU: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32, .complex32: 4
    case .float64, .int64, .uint64, .complex64: 8
    case .complex128: 16
    }
  }
}
