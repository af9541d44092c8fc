// libFuzzer's entry for the readers of text files. Compiled by scripts/fuzz/text together with the readers' sources,
// into one module; not part of the package.

import Foundation

/// What must hold for any bytes at all: they are refused with an error of one line that says where, or read from end
/// to end. The first byte chooses the reader (`TextReader`); the rest is the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard let first = input.first, let reader = TextReader(rawValue: Character(UnicodeScalar(first))) else { return -1 }
  guard let words else { preconditionFailure("no words to look for") }
  let path = "/dev/shm/idinit-fuzz-text-\(getpid())"
  precondition(FileManager.default.createFile(atPath: path, contents: Data(input.dropFirst())), "no scratch file")
  do {
    _ = try reader.read(path, words: words)
  } catch {
    if let fault = TextReader.fault(of: error, file: path) { preconditionFailure("\(fault): \(error)") }
  }
  return 0
}

private let words: WordVocabulary? = try? WordVocabulary([["the", "of", "a", ",", ". . .", "é"]])
