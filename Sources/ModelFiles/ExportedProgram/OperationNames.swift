import IDInit

/// The operations of a program by their names, each made once however many nodes have it.
struct OperationNames {
  struct Operation {
    /// `aten.conv2d.default`
    let name: String
    /// The marks (``JSONKey/mark``) of the arguments' names in the order of the operation's schema; empty for
    /// operations whose arguments are taken as they come.
    let positions: [UInt64]
    /// Whether it does nothing but call the graph that it is given.
    let callsItsGraph: Bool

    /// The arguments at the places that the schema gives them, `.none` for those between that were left out because
    /// they have their default.
    func inOrder(_ given: [(mark: UInt64, value: NetworkGraph.Argument)]) -> [NetworkGraph.Argument] {
      if zip(given, positions).allSatisfy({ $0.mark == $1 }) { return given.map(\.value) }
      var arguments: [NetworkGraph.Argument] = []
      for (mark, value) in given {
        guard let position = positions.firstIndex(of: mark), position >= arguments.count else {
          // A name that the schema did not have when the table was made.
          arguments.append(value)
          continue
        }
        while arguments.count < position { arguments.append(.none) }
        arguments.append(value)
      }
      return arguments
    }
  }

  private var known: [UInt64: [(text: [UInt8], operation: Operation)]] = [:]

  /// The operation whose target, with or without "torch.ops." before it, is `text`.
  mutating func operation(_ text: UnsafeRawBufferPointer) -> Operation {
    let mark = JSONKey(bytes: text).mark
    if let found = known[mark]?.first(where: { $0.text.elementsEqual(text) }) { return found.operation }
    let target = String(decoding: text, as: UTF8.self)
    let name = target.hasPrefix("torch.ops.") ? String(target.dropFirst("torch.ops.".count)) : target
    let names = ArgumentNames.table[name] ?? ""
    let operation = Operation(
      name: name,
      positions: names.split(separator: " ").map { name in
        var name = String(name)
        return name.withUTF8 { JSONKey(bytes: UnsafeRawBufferPointer($0)).mark }
      },
      callsItsGraph: Self.callers.contains(name))
    known[mark, default: []].append((Array(text), operation))
    return operation
  }

  /// Higher-order operations that run one graph on the arguments that follow it.
  private static let callers: Set<String> = [
    "higher_order.wrap_with_set_grad_enabled", "higher_order.wrap_with_autocast", "higher_order.invoke_subgraph",
    "higher_order.tag_activation_checkpoint", "higher_order.wrap_activation_checkpoint", "higher_order.wrap",
    "higher_order.strict_mode",
  ]
}
