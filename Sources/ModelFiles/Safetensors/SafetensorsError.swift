import IDInit

/// A safetensors file that cannot be read or written: one line with the file, what is wrong, where, and what was
/// expected.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One case for each way a file can be wrong. Positions are bytes from the start of the file; `data` positions are
  /// bytes from the end of the header, as `data_offsets` counts them.
  public enum Problem: Error, Equatable, Sendable {
    case tooShort(fileSize: Int)
    case headerTooLong(UInt64)
    case headerPastEnd(headerEnd: Int, fileSize: Int)
    case headerStart(found: UInt8?)
    case headerText(position: Int, message: String)
    case duplicateName(String)
    case missingField(tensor: String, field: String)
    case unknownDType(tensor: String, dtype: String)
    case badOffsets(tensor: String, offsets: [Int])
    case tooLarge(tensor: String, dtype: SafetensorsDType, shape: [Int])
    case sizeMismatch(tensor: String, dtype: SafetensorsDType, shape: [Int], expected: Int, found: Int)
    case overlap(tensor: String, begin: Int, previous: String, previousEnd: Int)
    case hole(tensor: String, begin: Int, previous: String?, previousEnd: Int)
    case truncated(tensor: String, end: Int, fileSize: Int)
    case trailingBytes(count: Int, position: Int)

    case noTensor(named: String, nearest: String?)
    case bufferSize(tensor: String, expected: Int, found: Int)

    case badName(String, reason: String)
    case writtenTwice(tensor: String)
    case pastEnd(tensor: String, expected: Int, found: Int)
    case incomplete(tensor: String, expected: Int, found: Int)
    case notWritten([String])
    case alreadyFinished

    case indexTooLong(Int)
    case indexText(position: Int, message: String)
    case indexWithoutMap
    case shardName(String, tensor: String)
    case misplaced(tensor: String, found: String, expected: String?)
    case notInShard(tensor: String, shard: String)

    case file(FileError)
  }

  public var path: String
  public var problem: Problem

  public var description: String {
    if case .file(let error) = problem { return error.description }
    return "\(path): \(problem.text)"
  }
}

extension SafetensorsError.Problem {
  var text: String {
    switch self {
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
