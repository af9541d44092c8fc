import Foundation
import Testing
import TestSupport

@testable import ModelFiles

/// Both ways: a file without a name until it is whole, and a hidden one beside the destination.
struct AtomicFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a file appears whole at commit, over the old one", arguments: [true, false])
  func commit(_ isNameless: Bool) throws {
    let path = try folder.write([9, 9, 9, 9, 9], to: "f")
    let file = try AtomicFile(path: path, isNameless: isNameless)
    try file.setLength(4)
    try file.write([7], at: 2)
    #expect(try bytesOf(path) == [9, 9, 9, 9, 9])
    try file.commit()
    #expect(try bytesOf(path) == [0, 0, 7, 0])
    #expect(try folder.contents == ["f"])
  }

  @Test("dropped before commit, nothing is left", arguments: [true, false])
  func dropped(_ isNameless: Bool) throws {
    do {
      let file = try AtomicFile(path: folder.path("f"), isNameless: isNameless)
      try file.write([1], at: 0)
      // The hidden file, if there is one, is there only as long as the writer.
      #expect(try folder.contents.allSatisfy { $0.hasPrefix(".idinit-") })
      #expect(try isNameless || folder.contents.count == 1)
    }
    #expect(try folder.contents == [])
  }

  @Test("a commit that fails leaves nothing of its own", arguments: [true, false])
  func failingCommit(_ isNameless: Bool) throws {
    let file = try AtomicFile(path: folder.path("f"), isNameless: isNameless)
    // Somebody puts a folder in the file's place.
    try FileManager.default.createDirectory(atPath: folder.path("f"), withIntermediateDirectories: false)
    let error = #expect(throws: FileError.self) { try file.commit() }
    #expect(error?.operation == .rename)
    #expect(try folder.contents == ["f"])
  }

  @Test("the longest file name works; one byte more is refused", arguments: [true, false])
  func longNames(_ isNameless: Bool) throws {
    let name = String(repeating: "n", count: 255)
    let file = try AtomicFile(path: folder.path(name), isNameless: isNameless)
    try file.commit()
    #expect(try folder.contents == [name])
    #expect(throws: FileError.self) { try AtomicFile(path: folder.path(name + "n"), isNameless: isNameless).commit() }
    #expect(try folder.contents == [name])
  }

  @Test("permissions are the user's default")
  func permissions() throws {
    try AtomicFile.write([1, 2], to: folder.path("f"))
    let plain = try folder.write([1], to: "plain")
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    let descriptor = open(folder.path("made"), O_CREAT | O_WRONLY, 0o666)
    close(descriptor)
    #expect(try mode(folder.path("f")) == mode(folder.path("made")))
    #expect(try bytesOf(folder.path("f")) == [1, 2] && bytesOf(plain) == [1])
  }
}
