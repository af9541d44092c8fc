/// The JSON text of a program, looked through once: where its parts stand, its version, and its signature. The graph
/// is read afterwards, in the order in which its parts need each other, which is not the order of the text.
struct ProgramDocument {
  typealias Problem = JSONScanner.Problem

  /// A place in the text, to be read later.
  struct Place {
    var position: Int
    var depth: Int
  }

  /// Where the parts of a graph stand; those that are missing are empty.
  struct GraphPlaces {
    var inputs, outputs, nodes, tensors: Place?
    /// `sym_int_values`, `sym_float_values`, `sym_bool_values`.
    var symbols: [Place] = []

    /// Passes over a graph.
    init(from scanner: inout JSONScanner) throws(Problem) {
      try scanner.fields { (scanner, key) throws(Problem) in
        let place = Place(position: scanner.position, depth: scanner.depth)
        switch key {
        case "inputs": inputs = place
        case "outputs": outputs = place
        case "nodes": nodes = place
        case "tensor_values": tensors = place
        case "sym_int_values", "sym_float_values", "sym_bool_values": symbols.append(place)
        default: break
        }
        try scanner.skipQuickly()
      }
    }
  }

  enum Input: Equatable {
    /// What the forward call is given; `tensor` is nil for what is no tensor.
    case user(tensor: String?)
    case parameter(value: String, path: String)
    case buffer(value: String, path: String, isPersistent: Bool)
    case constant(value: String, path: String)
    /// A custom object or a token, which orders effects: no tensor, though operations name it as they name tensors.
    case other(value: String)
  }

  private(set) var version: (major: Int, minor: Int)?
  private(set) var torchVersion: String?
  private(set) var graph: GraphPlaces?
  private(set) var inputs: [Input] = []
  /// The values that the forward call returns, the loss included; nil for what is no tensor.
  private(set) var outputs: [String?] = []

  init(_ text: MappedBytes) throws(Problem) {
    var scanner = JSONScanner(text)
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "schema_version": version = try Self.version(&scanner)
      case "torch_version": torchVersion = try scanner.string()
      case "graph_module":
        try scanner.fields { (scanner, key) throws(Problem) in
          switch key {
          case "graph": graph = try GraphPlaces(from: &scanner)
          case "signature": try signature(&scanner)
          default: try scanner.skipQuickly()
          }
        }
      default: try scanner.skipQuickly()
      }
    }
    try scanner.end()
  }

  private static func version(_ scanner: inout JSONScanner) throws(Problem) -> (major: Int, minor: Int) {
    var version = (major: 0, minor: 0)
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "major": version.major = try scanner.integer()
      case "minor": version.minor = try scanner.integer()
      default: try scanner.skipQuickly()
      }
    }
    return version
  }

  // MARK: Signature

  private mutating func signature(_ scanner: inout JSONScanner) throws(Problem) {
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "input_specs":
        try scanner.array { (scanner) throws(Problem) in
          try scanner.union { (scanner, key) throws(Problem) in try input(&scanner, key) }
        }
      case "output_specs":
        try scanner.array { (scanner) throws(Problem) in
          try scanner.union { (scanner, key) throws(Problem) in
            switch key {
            case "user_output": outputs.append(try Self.specification(&scanner).tensor)
            case "loss_output": outputs.append(try Self.specification(&scanner).name)
            default: try scanner.skipQuickly()
            }
          }
        }
      default: try scanner.skipQuickly()
      }
    }
  }

  private mutating func input(_ scanner: inout JSONScanner, _ key: JSONKey) throws(Problem) {
    let start = scanner.position
    switch key {
    case "user_input": inputs.append(.user(tensor: try Self.specification(&scanner).tensor))
    case "parameter", "buffer", "tensor_constant":
      let specification = try Self.specification(&scanner)
      guard let value = specification.name, let path = specification.path else {
        throw Problem(position: start, message: "a \(key.string) of the signature without its names")
      }
      switch key {
      case "parameter": inputs.append(.parameter(value: value, path: path))
      case "buffer": inputs.append(.buffer(value: value, path: path, isPersistent: specification.isPersistent))
      default: inputs.append(.constant(value: value, path: path))
      }
    case "custom_obj", "token":
      if let value = try Self.specification(&scanner).name { inputs.append(.other(value: value)) }
    default: try scanner.skipQuickly()
    }
  }

  private struct Specification {
    /// `{"arg": {"name": …}}`
    var name: String?
    /// `{"arg": {"as_tensor": {"name": …}}}`
    var tensor: String?
    var path: String?
    var isPersistent = true
  }

  private static func specification(_ scanner: inout JSONScanner) throws(Problem) -> Specification {
    var specification = Specification()
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "arg":
        try scanner.fields { (scanner, key) throws(Problem) in
          switch key {
          case "name": specification.name = try scanner.string()
          case "as_tensor": specification.tensor = try name(&scanner)
          default: try scanner.skipQuickly()
          }
        }
      case "parameter_name", "buffer_name", "tensor_constant_name": specification.path = try scanner.string()
      case "persistent": specification.isPersistent = try scanner.boolean()
      default: try scanner.skipQuickly()
      }
    }
    return specification
  }

  /// Reads `{"name": …}`.
  static func name(_ scanner: inout JSONScanner) throws(Problem) -> String {
    let start = scanner.position
    var name: String?
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "name": name = try scanner.string()
      default: try scanner.skipQuickly()
      }
    }
    guard let name else { throw Problem(position: start, message: "a value without a name") }
    return name
  }
}
