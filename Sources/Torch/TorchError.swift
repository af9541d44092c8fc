import CTorch

/// A failure inside libtorch, or of an argument that was refused before libtorch saw it.
public struct TorchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// libtorch's exception classes, one case each.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Refused before libtorch saw it: an impossible value, a state that does not fit.
    case argument
    /// An axis or an index out of range.
    case index
    /// A value that the operation does not take.
    case value
    /// A type that the operation does not take.
    case type
    /// No kernel for this element type or device.
    case notImplemented = "not implemented"
    /// The device has no memory left.
    case outOfMemory = "out of memory"
    /// A singular matrix, or no convergence.
    case linearAlgebra = "linear algebra"
    /// A buffer that cannot be used.
    case buffer
    /// CUDA reported a failure.
    case accelerator
    /// A collective failed.
    case distributed
    /// libtorch's general error: shapes that do not fit, mixed devices, misuse of autograd, …
    case torch
    /// Another exception of C++'s standard library.
    case standard
    /// Something thrown that is no exception.
    case unknown
  }

  /// Which of libtorch's exceptions it was.
  public let kind: Kind
  /// What was being done, as it is called in this module: `linear`, `crossEntropy`, `Tensor.reshaped`.
  public let operation: String
  /// libtorch's own text, which names the shapes.
  public let message: String

  /// An error of these parts.
  public init(kind: Kind, operation: String, message: String) {
    self.kind = kind
    self.operation = operation
    self.message = message
  }

  public var description: String { "\(operation): \(message)" }

  /// The calling thread's last failure.
  static func last(_ status: ct_status, _ operation: String) -> TorchError {
    TorchError(kind: Kind(status), operation: operation, message: String(cString: ct_last_error()))
  }
}

extension TorchError.Kind {
  init(_ status: ct_status) {
    switch status {
    case CT_ERROR_ARGUMENT: self = .argument
    case CT_ERROR_INDEX: self = .index
    case CT_ERROR_VALUE: self = .value
    case CT_ERROR_TYPE: self = .type
    case CT_ERROR_NOT_IMPLEMENTED: self = .notImplemented
    case CT_ERROR_OUT_OF_MEMORY: self = .outOfMemory
    case CT_ERROR_LINEAR_ALGEBRA: self = .linearAlgebra
    case CT_ERROR_BUFFER: self = .buffer
    case CT_ERROR_ACCELERATOR: self = .accelerator
    case CT_ERROR_DISTRIBUTED: self = .distributed
    case CT_ERROR_TORCH: self = .torch
    case CT_ERROR_STANDARD: self = .standard
    default: self = .unknown
    }
  }
}

/// Throws the thread's last failure unless `status` is `CT_OK`.
@inline(__always)
func check(_ status: ct_status, _ operation: String) throws(TorchError) {
  guard status == CT_OK else { throw TorchError.last(status, operation) }
}
