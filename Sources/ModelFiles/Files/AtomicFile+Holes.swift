extension AtomicFile {
  /// Zeros are left out where they fill this many bytes from a multiple of it on.
  ///
  /// Not less, though an identity-like matrix has zeros in most blocks of 4 KiB that a file system has: measured on
  /// ext4, holes of 4 KiB halve the disk space of 13 GB of bf16 weights, but write them no faster, and removing such
  /// a file of a million extents takes minutes where the file system tells the disk of each (`discard`).
  static let holeByteCount = 1 << 16

  /// Writes `bytes`, but leaves out blocks of zeros, which a fresh file reads as zeros anyway.
  func writeLeavingHoles(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let block = Self.holeByteCount
    var start = 0  // of what is to be written next
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + block - (offset + position) % block)
      let isHole = end - position == block && isZero(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
      if isHole {
        if start < position { try write(UnsafeRawBufferPointer(rebasing: bytes[start..<position]), at: offset + start) }
        start = end
      }
      position = end
    }
    if start < bytes.count { try write(UnsafeRawBufferPointer(rebasing: bytes[start...]), at: offset + start) }
  }

  /// Whether a block, a multiple of 64 bytes long, holds nothing but zeros.
  private func isZero(_ block: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position < block.count {
      var bits: UInt64 = 0
      for word in 0..<8 { bits |= block.loadUnaligned(fromByteOffset: position &+ word &* 8, as: UInt64.self) }
      if bits != 0 { return false }
      position &+= 64
    }
    return true
  }
}
