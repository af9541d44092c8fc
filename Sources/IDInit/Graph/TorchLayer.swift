/// A layer of PyTorch's whose own start differs from that of `nn.Linear` and the convolutions.
public enum TorchLayer: Hashable, Sendable {
  /// `nn.MultiheadAttention`; whether the parameter is its own, or its output projection's.
  case attention(isOwn: Bool)
  /// `nn.LSTM`, `nn.GRU`, `nn.RNN` and their cells.
  case recurrent(hiddenSize: Int)
  /// Anything in an `nn.Transformer`, which draws every matrix below it anew.
  case transformer
}

/// The layers that a network's parameters belong to: by the operation, where a recurrent layer is one, and else by the
/// classes of the modules, which `torch.export` records. The shapes alone cannot tell: the packed projection of
/// `nn.MultiheadAttention` and an `nn.Linear(E, 3 * E)` are one operation.
struct TorchLayers {
  private let graph: NetworkGraph
  private var hiddenSizes: [NetworkGraph.ValueID: Int] = [:]
  /// Rows of the largest parameter of a recurrent module: those of all gates.
  private var rowsOfModule: [Substring: Int] = [:]

  init(_ graph: NetworkGraph, weights: WeightOperations) {
    self.graph = graph
    for operation in weights.all {
      guard let size = operation.hiddenSize else { continue }
      for id in [operation.weight] + operation.biases { hiddenSizes[id] = size }
    }
    for (name, id) in graph.parameters {
      guard let rows = graph[id].shape.first, let module = Self.module(of: name), gates(of: module) != nil else {
        continue
      }
      rowsOfModule[module] = max(rowsOfModule[module] ?? 0, rows)
    }
  }

  /// The layer of a parameter; nil for one that has nothing of its own, or where nothing says.
  func layer(of name: String, _ id: NetworkGraph.ValueID) -> TorchLayer? {
    if let size = hiddenSizes[id] { return .recurrent(hiddenSize: size) }
    guard let module = Self.module(of: name) else { return nil }
    if let gates = gates(of: module), let rows = rowsOfModule[module], rows.isMultiple(of: gates) {
      return .recurrent(hiddenSize: rows / gates)
    }
    if isInTransformer(module), graph[id].shape.count > 1 { return .transformer }
    if isAttention(module) { return .attention(isOwn: true) }
    if let parent = Self.module(of: module), isAttention(parent) { return .attention(isOwn: false) }
    return nil
  }

  /// The class of the module that a parameter belongs to; nil where it is not recorded.
  func className(ofOwnerOf name: String) -> String? {
    Self.module(of: name).flatMap { graph.moduleClasses[String($0)] }
  }

  /// The gates of a weight of a recurrent module that was taken apart into plain products, as rows; nil for any other,
  /// and for an LSTM's projection, which is none.
  func gates(of name: String, rows: Int) -> [Range<Int>]? {
    guard let module = Self.module(of: name), let count = gates(of: module), count > 1, rowsOfModule[module] == rows,
      rows.isMultiple(of: count)
    else { return nil }
    let size = rows / count
    return (0..<count).map { ($0 * size)..<(($0 + 1) * size) }
  }

  private func gates(of module: Substring) -> Int? {
    switch graph.moduleClasses[String(module)] {
    case "torch.nn.modules.rnn.LSTM", "torch.nn.modules.rnn.LSTMCell": 4
    case "torch.nn.modules.rnn.GRU", "torch.nn.modules.rnn.GRUCell": 3
    case "torch.nn.modules.rnn.RNN", "torch.nn.modules.rnn.RNNCell": 1
    default: nil
    }
  }

  private func isAttention(_ module: Substring) -> Bool {
    graph.moduleClasses[String(module)] == "torch.nn.modules.activation.MultiheadAttention"
  }

  private func isInTransformer(_ module: Substring) -> Bool {
    var module: Substring? = module
    while let path = module {
      if graph.moduleClasses[String(path)] == "torch.nn.modules.transformer.Transformer" { return true }
      module = Self.module(of: path)
    }
    return false
  }

  /// The path without its last word: the program itself, "", for a path of one word; nil for the program.
  private static func module(of path: some StringProtocol) -> Substring? {
    guard !path.isEmpty else { return nil }
    return Substring(path).utf8.lastIndex(of: UInt8(ascii: ".")).map { Substring(path)[..<$0] } ?? ""
  }
}
