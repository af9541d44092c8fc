import IDInit

/// What PyTorch's own layers put into their buffers, for models that have no values for them.
///
/// The role of a buffer is read off the operation that uses it, not off its name: the running mean of a batch
/// normalisation starts from 0, its running variance from 1. Its counter of batches is the integer scalar that stands
/// beside them in the module, 0. What other buffers hold (position tables, masks, caches) only their module knows.
struct BufferDefaults {
  private var values: [String: Double] = [:]

  init(_ graph: NetworkGraph) {
    var modules = Set<Substring>()
    for node in graph.nodes {
      guard let positions = Self.statistics[node.operation] else { continue }
      for (position, value) in [(positions.mean, 0.0), (positions.variance, 1.0)] {
        guard node.arguments.indices.contains(position), case .value(let id) = node.arguments[position],
          case .buffer(let name) = graph[id].origin
        else { continue }
        values[name] = value
        modules.insert(Self.module(of: name))
      }
    }
    for value in graph.values {
      guard case .buffer(let name) = value.origin, value.shape.isEmpty, values[name] == nil,
        modules.contains(Self.module(of: name)), value.dtype?.isFloatingPoint != true
      else { continue }
      values[name] = 0
    }
  }

  /// The value of all elements of the buffer called `name`; nil where only its module knows.
  subscript(name: String) -> Double? { values[name] }

  /// Where the operations have their running mean and variance.
  private static let statistics: [String: (mean: Int, variance: Int)] = [
    "aten.batch_norm.default": (3, 4),
    "aten.instance_norm.default": (3, 4),
    "aten.native_batch_norm.default": (3, 4),
    "aten._native_batch_norm_legit.default": (3, 4),
    "aten._native_batch_norm_legit_functional.default": (3, 4),
    "aten._native_batch_norm_legit_no_training.default": (3, 4),
    "aten.cudnn_batch_norm.default": (3, 4),
    "aten.miopen_batch_norm.default": (3, 4),
    "aten.batch_norm_with_update.default": (3, 4),
    "aten.batch_norm_with_update_functional.default": (3, 4),
  ]

  private static func module(of name: String) -> Substring {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? ""
  }
}
