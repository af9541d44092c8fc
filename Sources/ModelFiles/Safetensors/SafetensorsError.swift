import IDInit

/// A safetensors file that cannot be read or written: one line with the file, what is wrong, where, and what was
/// expected.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One case for each way a file can be wrong. Positions are bytes from the start of the file; `data` positions are
  /// bytes from the end of the header, as `data_offsets` counts them.
  public enum Problem: Error, Equatable, Sendable {
    /// A file of another kind.
    case otherFile(OtherFile)
    /// Fewer bytes than the header's length takes.
    case tooShort(fileSize: Int)
    /// A header of more bytes than the format allows.
    case headerTooLong(UInt64)
    /// A header that ends behind the file's end.
    case headerPastEnd(headerEnd: Int, fileSize: Int)
    /// A header that does not begin with `{`.
    case headerStart(found: UInt8?)
    /// A header that is not the JSON that it should be.
    case headerText(position: Int, message: String)
    /// Two tensors of one name.
    case duplicateName(String)
    /// A tensor without `dtype`, `shape` or `data_offsets`.
    case missingField(tensor: String, field: String)
    /// An element type that the format does not have.
    case unknownDType(tensor: String, dtype: String)
    /// Offsets that are no range.
    case badOffsets(tensor: String, offsets: [Int])
    /// A tensor of more bytes than memory can address.
    case tooLarge(tensor: String, dtype: SafetensorsDType, shape: [Int])
    /// A tensor whose range is not as long as its type and shape say.
    case sizeMismatch(tensor: String, dtype: SafetensorsDType, shape: [Int], expected: Int, found: Int)
    /// A tensor that begins inside another one.
    case overlap(tensor: String, begin: Int, previous: String, previousEnd: Int)
    /// Bytes before a tensor that belong to none.
    case hole(tensor: String, begin: Int, previous: String?, previousEnd: Int)
    /// A tensor that ends behind the file's end.
    case truncated(tensor: String, end: Int, fileSize: Int)
    /// Bytes behind the last tensor.
    case trailingBytes(count: Int, position: Int)

    /// A tensor was asked for that is not there; and the name that was probably meant.
    case noTensor(named: String, nearest: String?)
    /// Memory for a tensor that is larger or smaller than it is, in bytes.
    case bufferSize(tensor: String, expected: Int, found: Int)

    /// A name that no tensor may have.
    case badName(String, reason: String)
    /// A tensor that was to be written a second time.
    case writtenTwice(tensor: String)
    /// More bytes for a tensor than it has.
    case pastEnd(tensor: String, expected: Int, found: Int)
    /// Fewer bytes for a tensor than it has.
    case incomplete(tensor: String, expected: Int, found: Int)
    /// The file was to be finished without these tensors.
    case notWritten([String])
    /// A tensor for a file that is finished.
    case alreadyFinished

    /// An index of shards of more bytes than are read.
    case indexTooLong(Int)
    /// An index of shards that is not the JSON that it should be.
    case indexText(position: Int, message: String)
    /// An index of shards without its `weight_map`.
    case indexWithoutMap
    /// A shard's name that leads out of the index's folder.
    case shardName(String, tensor: String)
    /// A tensor in another shard than the index says.
    case misplaced(tensor: String, found: String, expected: String?)
    /// A tensor that is not in the shard that the index names.
    case notInShard(tensor: String, shard: String)

    /// The file could not be read or written.
    case file(FileError)
  }

  /// The file.
  public var path: String
  /// What is wrong with it.
  public var problem: Problem

  public var description: String {
    if case .file(let error) = problem { return error.description }
    return "\(path): \(problem.text)"
  }
}

extension SafetensorsError.Problem {
  var text: String {
    switch self {
    case .otherFile(let kind): return kind.textForWeights
    case .tooShort(let size):
      return "\(size) bytes long; a safetensors file starts with 8 bytes that give the length of its header"
    case .headerTooLong(let length):
      return "bytes 0-7 give a header of \(length) bytes, more than the \(SafetensorsHeader.maximumLength) "
        + "that safetensors allows; this is no safetensors file, or a damaged one"
    case .headerPastEnd(let end, let size):
      return "the header ends at byte \(end), the file at byte \(size); the file is truncated or no safetensors file"
    case .headerStart(let found):
      let what = found.map { "byte 0x" + String($0, radix: 16) } ?? "nothing"
      return "\(what) at byte 8, where the header's '{' should be"
    case .headerText(let position, let message): return "\(message), at byte \(position) in the header"
    case .duplicateName(let name): return "two tensors of the name \(quoted(name))"
    case .missingField(let tensor, let field): return "tensor \(quoted(tensor)) has no \"\(field)\""
    case .unknownDType(let tensor, let dtype):
      let known = SafetensorsDType.allCases.map(\.rawValue).joined(separator: " ")
      return "tensor \(quoted(tensor)) has the unknown dtype \(quoted(dtype)); known are \(known)"
    case .badOffsets(let tensor, let offsets):
      return "tensor \(quoted(tensor)) has data_offsets \(offsets); expected [begin, end] with begin <= end"
    case .tooLarge(let tensor, let dtype, let shape):
      return "tensor \(quoted(tensor)): \(dtype) of shape \(shape) does not come to a number of bytes that can be "
        + "counted"
    case .sizeMismatch(let tensor, let dtype, let shape, let expected, let found):
      return "tensor \(quoted(tensor)): its data_offsets hold \(found) bytes, \(dtype) of shape \(shape) "
        + "needs \(expected)"
    case .overlap(let tensor, let begin, let previous, let previousEnd):
      return "tensor \(quoted(tensor)) starts at data byte \(begin), inside \(quoted(previous)), "
        + "which ends at \(previousEnd)"
    case .hole(let tensor, let begin, let previous, let previousEnd):
      let before = previous.map { "\(quoted($0)) ends at \(previousEnd)" } ?? "nothing stands before it"
      return "tensor \(quoted(tensor)) starts at data byte \(begin), but \(before); safetensors allows no holes"
    case .truncated(let tensor, let end, let size):
      return "tensor \(quoted(tensor)) ends at byte \(end), the file at byte \(size); the file is truncated"
    case .trailingBytes(let count, let position):
      return "\(count) bytes that belong to no tensor, from byte \(position) to the end of the file"
    case .noTensor(let name, let nearest):
      return "no tensor \(quoted(name))" + (nearest.map { "; \(didYouMean(quoted: quoted($0)))" } ?? "")
    case .bufferSize(let tensor, let expected, let found):
      return "tensor \(quoted(tensor)): a buffer of \(found) bytes was given for \(expected)"
    case .badName(let name, let reason): return "the tensor name \(quoted(name)) \(reason)"
    case .writtenTwice(let tensor): return "tensor \(quoted(tensor)) was written twice"
    case .pastEnd(let tensor, let expected, let found):
      return "tensor \(quoted(tensor)) was given at least \(found) bytes, its shape has \(expected)"
    case .incomplete(let tensor, let expected, let found):
      return "tensor \(quoted(tensor)) was given \(found) bytes, its shape has \(expected)"
    case .notWritten(let names):
      let shown = names.prefix(3).map(quoted).joined(separator: ", ")
      return "\(names.count) tensors were never written: \(shown)\(names.count > 3 ? ", …" : "")"
    case .alreadyFinished: return "the file was finished or given up before"
    case .indexTooLong(let size):
      return "\(size) bytes long; an index of at most \(SafetensorsHeader.maximumLength) was expected"
    case .indexText(let position, let message): return "\(message), at byte \(position) of the index"
    case .indexWithoutMap: return "no \"weight_map\", which in an index names the file of every tensor"
    case .shardName(let file, let tensor):
      return
        "the index puts tensor \(quoted(tensor)) into \(quoted(file)); expected the name of a file in its own folder"
    case .misplaced(let tensor, let found, let expected):
      return "the file \(quoted(found)) holds tensor \(quoted(tensor)), which the index "
        + (expected.map { "puts into \(quoted($0))" } ?? "does not name")
    case .notInShard(let tensor, let shard):
      return "the index puts tensor \(quoted(tensor)) into \(quoted(shard)), which has no such tensor"
    case .file(let error): return error.description
    }
  }
}
