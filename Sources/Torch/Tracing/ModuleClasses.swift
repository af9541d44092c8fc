import IDInit

extension NetworkGraph {
  /// Notes which layer of PyTorch each module is, as `torch.export` does: what a layer starts from in PyTorch depends on
  /// that, where one operation is that of several layers.
  ///
  /// - Parameter module: The network that the graph is of.
  public mutating func noteClasses(of module: any Module) {
    for (path, part) in module.modules { setModuleClass(part.torchClass, of: path) }
  }
}

extension Module {
  /// The class of `torch.nn` that this module is; for any other, its own type.
  fileprivate var torchClass: String {
    switch self {
    case is Linear: "torch.nn.modules.linear.Linear"
    case let layer as Convolution: "torch.nn.modules.conv.Conv\(layer.spatialAxes)d"
    case is BatchNorm: "torch.nn.modules.batchnorm.BatchNorm2d"
    case is LayerNorm: "torch.nn.modules.normalization.LayerNorm"
    case is Embedding: "torch.nn.modules.sparse.Embedding"
    case is Dropout: "torch.nn.modules.dropout.Dropout"
    case is MultiheadAttention: "torch.nn.modules.activation.MultiheadAttention"
    case is TransformerEncoderLayer: "torch.nn.modules.transformer.TransformerEncoderLayer"
    case let layer as Recurrent: "torch.nn.modules.rnn.\(layer.cell.rawValue.uppercased())"
    default: String(reflecting: type(of: self))
    }
  }
}
