/// The version of this package, as `idinit --version` and records of experiments give it (CHANGELOG.md).
public enum PackageVersion {
  /// Major, minor and patch, as semantic versioning has them.
  public static let current = "0.1.0"
}
