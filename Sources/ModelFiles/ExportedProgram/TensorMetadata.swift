import IDInit

/// What the file says about a tensor: a `TensorMeta` of PyTorch's serialisation schema.
struct TensorMetadata: Equatable {
  /// PyTorch's code of the element type, which is the schema's own and no `c10::ScalarType`.
  var typeCode: Int
  var shape: [Int]
  /// In elements. Read from a weights configuration only, as are the two that follow.
  var strides: [Int]
  var storageOffset: Int
  /// 7: strided, the usual one.
  var layout: Int

  var dtype: TensorDType? { Self.types[typeCode] }

  /// torch/_export/serde/schema.py, `ScalarType`.
  private static let types: [Int: TensorDType] = [
    1: .uint8, 2: .int8, 3: .int16, 4: .int32, 5: .int64, 6: .float16, 7: .float32, 8: .float64, 9: .complex32,
    10: .complex64, 11: .complex128, 12: .bool, 13: .bfloat16, 28: .uint16, 29: .float8E4M3FN, 30: .float8E5M2,
    31: .float8E4M3FNUZ, 32: .float8E5M2FNUZ, 33: .float8E8M0FNU, 34: .uint32, 35: .uint64,
  ]

  /// The name of an element type by its code.
  static func typeName(_ code: Int) -> String { types[code]?.rawValue ?? "code \(code)" }

  /// Reads the object; `withLayout` says whether strides and offset are wanted.
  init(from scanner: inout JSONScanner, withLayout: Bool = false) throws(JSONScanner.Problem) {
    var typeCode: Int?, shape: [Int]?
    var (strides, storageOffset, layout) = ([Int](), 0, 7)
    let start = scanner.position
    try scanner.fields { (scanner, key) throws(JSONScanner.Problem) in
      switch key {
      case "dtype": typeCode = try scanner.integer()
      case "sizes": shape = try Self.sizes(&scanner, "size")
      case "strides" where withLayout: strides = try Self.sizes(&scanner, "stride")
      case "storage_offset" where withLayout: storageOffset = try Self.size(&scanner, "storage offset")
      case "layout" where withLayout: layout = try scanner.integer()
      default: try scanner.skipQuickly()
      }
    }
    guard let typeCode, let shape else {
      throw JSONScanner.Problem(position: start, message: "a tensor without \(typeCode == nil ? "dtype" : "sizes")")
    }
    (self.typeCode, self.shape) = (typeCode, shape)
    (self.strides, self.storageOffset, self.layout) = (strides, storageOffset, layout)
  }

  private static func sizes(_ scanner: inout JSONScanner, _ what: StaticString) throws(JSONScanner.Problem) -> [Int] {
    var sizes: [Int] = []
    try scanner.array { (scanner) throws(JSONScanner.Problem) in sizes.append(try size(&scanner, what)) }
    return sizes
  }

  private static func size(_ scanner: inout JSONScanner, _ what: StaticString) throws(JSONScanner.Problem) -> Int {
    let start = scanner.position
    guard case .integer(let size) = try SymbolicNumber.read(&scanner) else {
      throw JSONScanner.Problem(position: start, message: "a \(what) that is no integer")
    }
    guard size >= 0 else { throw JSONScanner.Problem(position: start, message: "a \(what) of \(size)") }
    return size
  }
}

/// A number that may stand for many: `{"as_int": 3}`, or an expression with the value that it had when the program was
/// exported, `{"as_expr": {"expr_str": "s77", "hint": {"as_int": 2}}}`.
enum SymbolicNumber {
  /// The value; for an expression the hint, and 1 for one without a hint (a size that depends on data).
  static func read(_ scanner: inout JSONScanner) throws(JSONScanner.Problem) -> NetworkGraph.Argument {
    var value = NetworkGraph.Argument.integer(1)
    try scanner.union { (scanner, key) throws(JSONScanner.Problem) in
      switch key {
      case "as_expr":
        try scanner.fields { (scanner, key) throws(JSONScanner.Problem) in
          switch key {
          case "hint": if try !scanner.takeNull() { value = try read(&scanner) }
          default: try scanner.skipQuickly()
          }
        }
      case "as_int": value = .integer(try scanner.integer())
      case "as_bool": value = .boolean(try scanner.boolean())
      case "as_float": value = .real(try scanner.real())
      default: try scanner.skipQuickly()
      }
    }
    return value
  }
}
