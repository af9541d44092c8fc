// The C library alone: loading Foundation would take most of `idinit`'s start.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shards that an index of an earlier run names, and that the same program wrote.
///
/// A file is one of them only if the index beside it lists it, if it has the name of a shard of this checkpoint
/// (`model-00001-of-00003.safetensors`), and if it is a safetensors file whose metadata has the program's own key. What
/// somebody else has put there stays.
struct OldShards {
  private let indexPath: String
  private let paths: [String]
  /// Whether all that the index names is the program's own.
  private let isWhole: Bool

  /// Reads the index that stands beside `path`, if there is one that can be read.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, `….safetensors`.
  ///   - ownKey: A key in the metadata of every file that the program writes.
  init(of path: String, ownKey: String) {
    indexPath = path + ".index.json"
    let names = (try? SafetensorsIndex(path: indexPath))?.files ?? []
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
    let name = fileName(path)
    let stem = name.hasSuffix(".safetensors") ? name.dropLast(".safetensors".count) : name[...]
    paths = names.filter { Self.isShard($0, of: stem) }.map { folder + $0 }.filter { path in
      (try? SafetensorsFile(path: path))?.metadata[ownKey] != nil
    }
    isWhole = !names.isEmpty && paths.count == names.count
  }

  /// Removes them, but for those of the new checkpoint; and the old index, where the new checkpoint has none.
  ///
  /// - Returns: What was removed, and what could not be.
  func remove(keeping new: [String], hasIndex: Bool) -> (removed: [String], left: [String]) {
    var (removed, left) = ([String](), [String]())
    func unlinkFile(_ path: String) {
      if unlink(path) == 0 { removed.append(path) } else if errno != ENOENT { left.append(path) }
    }
    // The index first: nobody is to find one that names what is gone.
    if !hasIndex, isWhole { unlinkFile(indexPath) }
    guard hasIndex || (isWhole && left.isEmpty) else { return (removed, left) }
    for path in paths where !new.contains(path) { unlinkFile(path) }
    return (removed, left)
  }

  /// `stem-00001-of-00003.safetensors`
  private static func isShard(_ name: String, of stem: Substring) -> Bool {
    guard name.hasPrefix("\(stem)-"), name.hasSuffix(".safetensors") else { return false }
    let middle = name.dropFirst(stem.count + 1).dropLast(".safetensors".count)
    let numbers = middle.split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers[1] == "of" else { return false }
    return [numbers[0], numbers[2]].allSatisfy { $0.utf8.count >= 5 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
  }
}
