/// What the axes of a stored weight mean: which are outputs, inputs, window positions and groups.
///
/// A rule works on the matrix that the weight *computes* with: one row an output, one column an input (channel and
/// window position). The geometry maps that matrix to the storage. It is never guessed from a raw shape, because
/// `[768, 3072]` may be a linear layer of 768 outputs or a GPT-2 `Conv1D` of 3072.
public struct WeightGeometry: Codable, Hashable, Sendable {
  /// Sizes of the stored tensor, slowest axis first (row-major).
  public var shape: [Int]
  /// The axis of the outputs.
  public var outAxis: Int
  /// The axis of the inputs; equal to `outAxis` for a tensor that is no matrix (a bias, a scale).
  public var inAxis: Int
  /// The axes of the window, slowest first; empty for a linear layer.
  public var windowAxes: [Int]
  /// Number of groups of a grouped convolution. The first of the two channel axes holds the channels of all groups,
  /// the second those of one group, as PyTorch stores both kinds of convolution.
  public var groups: Int
  /// If set, only these rows (outputs) of the weight, as a matrix of their own: see ``selecting(_:)``.
  public var selection: RowSelection?

  /// A geometry of any axes; the functions below name the usual ones. ``validate(_:)`` tells whether it is sound.
  public init(
    shape: [Int], outAxis: Int, inAxis: Int, windowAxes: [Int] = [], groups: Int = 1, selection: RowSelection? = nil
  ) {
    self.shape = shape
    self.outAxis = outAxis
    self.inAxis = inAxis
    self.windowAxes = windowAxes
    self.groups = groups
    self.selection = selection
  }

  /// `torch.nn.Linear.weight`: stored [out, in].
  public static func linear(out: Int, in: Int) -> WeightGeometry {
    WeightGeometry(shape: [out, `in`], outAxis: 0, inAxis: 1)
  }

  /// A linear layer stored [in, out], as GPT-2's `Conv1D` does.
  public static func transposedLinear(in: Int, out: Int) -> WeightGeometry {
    WeightGeometry(shape: [`in`, out], outAxis: 1, inAxis: 0)
  }

  /// `torch.nn.Conv{1,2,3}d.weight`: stored [out, in/groups, k…].
  public static func convolution(shape: [Int], groups: Int = 1) -> WeightGeometry {
    WeightGeometry(
      shape: shape, outAxis: 0, inAxis: 1, windowAxes: Array(2..<Swift.max(2, shape.count)), groups: groups)
  }

  /// `torch.nn.ConvTranspose{1,2,3}d.weight`: stored [in, out/groups, k…].
  public static func transposedConvolution(shape: [Int], groups: Int = 1) -> WeightGeometry {
    WeightGeometry(
      shape: shape, outAxis: 1, inAxis: 0, windowAxes: Array(2..<Swift.max(2, shape.count)), groups: groups)
  }

  /// A tensor without inputs and outputs (bias, scale, position table). Only rules that treat every element alike
  /// (constant, zero, normal, uniform, truncated normal) fit it.
  public static func elements(shape: [Int]) -> WeightGeometry {
    WeightGeometry(shape: shape, outAxis: 0, inAxis: 0)
  }

  /// The rows (outputs) `rows` of this weight as a matrix of their own: one of Q, K, V in a packed projection, or one
  /// gate of an LSTM. Filling the block leaves the other rows of the storage as they are. `rows` counts from the
  /// start of the whole weight, whatever block this geometry has now.
  public func block(_ rows: Range<Int>) -> WeightGeometry { selecting(RowSelection(rows)) }

  /// The selected rows (outputs) of this weight as a matrix of their own, in their order: a ``block(_:)`` that may have
  /// rows of others in between.
  public func selecting(_ rows: RowSelection) -> WeightGeometry {
    var part = self
    part.selection = rows
    return part
  }

  /// The geometry of the whole weight that this one may be a block of.
  public var whole: WeightGeometry {
    var whole = self
    whole.selection = nil
    return whole
  }
}

// MARK: - Sizes

extension WeightGeometry {
  /// Elements of the stored tensor (all of it, also when this is a block).
  public var elementCount: Int {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: Swift.max(size, 0))
      count = overflow ? Int.max : product
    }
    return count
  }

  /// Whether the tensor has an input and an output axis.
  public var isMatrix: Bool { outAxis != inAxis }

  /// Whether the storage has the outputs behind the inputs (GPT-2's `Conv1D`, transposed convolutions).
  public var isTransposed: Bool { outAxis > inAxis }

  /// ∏ of the window's sizes; 1 for a linear layer.
  public var windowCount: Int { windowAxes.reduce(1) { $0 &* size($1) } }

  /// Outputs of the whole weight.
  public var wholeRows: Int {
    guard isMatrix else { return elementCount }
    return isTransposed ? size(outAxis) &* groups : size(outAxis)
  }

  /// Rows of the matrix: outputs of the weight, or of the block.
  public var rows: Int { selection?.rows ?? wholeRows }

  /// Input channels that one output sees.
  public var channels: Int {
    guard isMatrix else { return 1 }
    return isTransposed ? size(inAxis) / Swift.max(groups, 1) : size(inAxis)
  }

  /// Columns of the matrix: input channels that one output sees × window positions.
  public var columns: Int { isMatrix ? channels &* windowCount : 1 }

  /// Inputs that one output is computed from: `columns`.
  public var fanIn: Int { columns }

  /// Outputs that one input takes part in, strides aside: outputs of one group (or of the block) × window positions.
  public var fanOut: Int { (selection?.rows ?? wholeRows / Swift.max(groups, 1)) &* windowCount }

  /// `fan_in` as `torch.nn.init._calculate_fan_in_and_fan_out` takes it from the stored shape: size(1)·∏k, without
  /// regard to groups or transposition. A block counts as a tensor of its own.
  public var torchFanIn: Int { torchSize(1) &* torchReceptiveField }

  /// `fan_out` of torch.nn.init: size(0)·∏k.
  public var torchFanOut: Int { torchSize(0) &* torchReceptiveField }

  private var torchReceptiveField: Int { (2..<Swift.max(2, shape.count)).reduce(1) { $0 &* size($1) } }

  private func torchSize(_ axis: Int) -> Int {
    if let selection, axis == outAxis { return selection.rows }
    return size(axis)
  }

  func size(_ axis: Int) -> Int { shape.indices.contains(axis) ? shape[axis] : 0 }
}

// MARK: - Matrix to storage

/// The order of the columns of a convolution's matrix.
public enum ColumnOrder: String, Codable, CaseIterable, Sendable {
  /// Channel slow, window position fast: PyTorch's own flattening of OIHW.
  case channelFirst = "channel-first"
  /// Window position slow, channel fast: what the paper's "k k c_in" (Section 3.3.1) suggests on the page.
  case windowFirst = "window-first"
}

extension WeightGeometry {
  /// Offset in the storage of the matrix element (`row`, `column`). Rows of a block count from the block's start.
  /// To map many elements take a ``MatrixLayout`` once.
  public func offset(row: Int, column: Int, order: ColumnOrder = .channelFirst) -> Int {
    MatrixLayout(self, order).offset(row: row, column: column)
  }

  /// Offset in the storage of channel `channel` and window position `position` (row-major over the window) of `row`.
  public func offset(row: Int, channel: Int, position: Int) -> Int {
    MatrixLayout(self, .channelFirst).offset(row: row, channel: channel, position: position)
  }

  /// Elements between neighbours along each axis.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] &* shape[axis + 1]
    }
    return strides
  }
}

/// The map from a weight's matrix to its storage, with everything that can be computed once. The geometry must be
/// sound: see ``WeightGeometry/validate(_:)``.
public struct MatrixLayout: Sendable {
  /// Rows of the matrix: outputs.
  public let rows: Int
  /// Columns of the matrix: input channels × window positions.
  public let columns: Int
  let channels: Int
  let windowOffsets: [Int]
  let order: ColumnOrder
  let selection: RowSelection
  let outSize: Int
  let outStride: Int
  let inStride: Int
  let isTransposed: Bool

  /// The layout of a weight whose columns are counted in this order.
  public init(_ geometry: WeightGeometry, _ order: ColumnOrder) {
    let strides = geometry.strides
    func stride(_ axis: Int) -> Int { strides.indices.contains(axis) ? strides[axis] : 1 }
    rows = geometry.rows
    columns = geometry.columns
    channels = geometry.channels
    self.order = order
    selection = geometry.selection ?? RowSelection(0..<Swift.max(geometry.wholeRows, 0))
    outSize = Swift.max(geometry.size(geometry.outAxis), 1)
    outStride = stride(geometry.outAxis)
    inStride = geometry.isMatrix ? stride(geometry.inAxis) : 1
    isTransposed = geometry.isMatrix && geometry.isTransposed
    var offsets = [0]
    for axis in geometry.windowAxes {
      let size = Swift.max(geometry.size(axis), 0)
      offsets = offsets.flatMap { base in (0..<size).map { base + $0 * stride(axis) } }
    }
    windowOffsets = offsets
  }

  /// Offset in the storage of (`row`, `column`).
  @inline(__always)
  public func offset(row: Int, column: Int) -> Int {
    // Divisions are dear where there is one offset a row.
    if windowOffsets.count == 1 { return offset(row: row, channel: column, position: 0) }
    switch order {
    case .channelFirst:
      return offset(row: row, channel: column / windowOffsets.count, position: column % windowOffsets.count)
    case .windowFirst: return offset(row: row, channel: column % channels, position: column / channels)
    }
  }

  @inline(__always)
  func offset(row: Int, channel: Int, position: Int) -> Int {
    let out = selection[row]
    guard isTransposed else { return out * outStride + channel * inStride + windowOffsets[position] }
    // The input axis holds all groups: the output's group says which part of it this row sees.
    let (group, index) = out.quotientAndRemainder(dividingBy: outSize)
    return index * outStride + (group * channels + channel) * inStride + windowOffsets[position]
  }

  /// Whether the matrix lies row by row in the storage, from `offset(row: 0, column: 0)` on.
  var isRowMajor: Bool {
    !isTransposed && selection.count <= 1 && outStride == columns
      && (order == .channelFirst || windowOffsets.count == 1 || channels == 1)
      && (inStride == windowOffsets.count)
  }
}

// MARK: - Soundness

extension WeightGeometry {
  /// Throws unless the axes cover the shape once, the groups divide the channels and the block lies in the outputs.
  /// A size of 0 is sound: there is nothing to fill.
  public func validate(_ subject: String = "") throws(RuleError) {
    func fail(_ message: String) -> RuleError { RuleError(.geometry, subject, message) }
    for (axis, size) in shape.enumerated() where size < 0 {
      throw fail("axis \(axis) of shape \(shape) is \(size); expected sizes of at least 0")
    }
    // Zeros aside, so that no partial product can overflow either.
    var whole = self
    whole.shape = shape.map { Swift.max($0, 1) }
    guard whole.elementCount < Int.max / 16 else {
      throw fail("shape \(shape) has more elements than memory can address")
    }
    guard groups >= 1 else { throw fail("\(groups) groups; expected at least 1") }
    if isMatrix {
      let axes = [outAxis, inAxis] + windowAxes
      guard axes.sorted() == Array(0..<shape.count) else {
        throw fail(
          "output axis \(outAxis), input axis \(inAxis) and window axes \(windowAxes) do not name each axis of shape "
            + "\(shape) once; a matrix needs at least 2 axes (a bias or scale is WeightGeometry.elements)")
      }
      let divided = isTransposed ? size(inAxis) : size(outAxis)
      guard divided % groups == 0 else {
        throw fail(
          "\(groups) groups do not divide the \(divided) \(isTransposed ? "inputs" : "outputs") of shape \(shape)")
      }
    } else {
      guard windowAxes.isEmpty, groups == 1 else {
        throw fail("a tensor without an input axis has no window axes and no groups (shape \(shape))")
      }
      guard selection == nil else { throw fail("a tensor without an input axis has no row blocks (shape \(shape))") }
    }
    if let selection {
      try selection.validate(wholeRows: wholeRows, subject)
      if isTransposed, groups > 1 {
        // One of a stack of matrices, or rows of it.
        let rows = Swift.max(size(outAxis), 1)
        guard windowAxes.isEmpty, selection.rows == 0 || selection.last / rows == selection.start / rows else {
          throw fail("row blocks of a grouped transposed convolution are not supported; give the whole weight one rule")
        }
      }
    }
  }
}
