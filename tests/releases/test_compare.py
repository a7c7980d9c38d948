"""Tests of the comparison, with a library and a spec that are made up."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import compare  # noqa: E402

SPEC = {
    "paths": {
        "/security/ipsec/policies": {
            "get": {
                "x-ntap-introduced": "9.8",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/list"}}}}},
            },
            "post": {
                "x-ntap-introduced": "9.8",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/create"}}}},
            },
        }
    },
    "list": {"properties": {"records": {}}},
    "create": {
        "properties": {
            "_links": {},
            "name": {},
            "new": {"x-ntap-introduced": "9.10"},
            "svm": {"allOf": [{"$ref": "#/reference"}]},
            "end": {"allOf": [{"$ref": "#/reference"}]},
        }
    },
    "reference": {"properties": {"name": {}, "uuid": {}}},
}
KEY = ("/security/ipsec/policies", "post")


class Compare(unittest.TestCase):
    def differences(self, release, *fields):
        return list(compare.compare({KEY: set(fields)}, SPEC, release))

    def test_members_of_objects_count_and_an_object_stands_for_its_members(self):
        self.assertEqual(self.differences("9.9.1", "name", "svm.name", "svm.uuid", "end"), [])
        self.assertEqual(self.differences("9.9.1", "name", "svm.name", "end"), [("spec", "create.svm.uuid")])

    def test_a_field_of_a_later_release_is_not_there_yet(self):
        fields = ["name", "svm.name", "svm.uuid", "end"]
        self.assertEqual(self.differences("9.10.1", *fields), [("spec", "create.new")])
        self.assertEqual(self.differences("9.9.1", "new", *fields), [("library", "create.new")])
        self.assertEqual(self.differences("9.10.1", "new", "scope", *fields), [])

    def test_a_deviation_is_about_its_field_and_its_releases(self):
        entries = [{"rule": "field-missing", "subject": "create.svm", "releases": ["9.8"]}]
        explained = lambda side, field, release: compare.is_explained((side, field), release, entries)
        self.assertTrue(explained("library", "create.svm.name", "9.8"))
        self.assertFalse(explained("library", "create.svm.name", "9.9.1"))
        self.assertFalse(explained("library", "create.svms", "9.8"))
        self.assertFalse(explained("spec", "create.svm.name", "9.8"))

    def test_the_library_is_read_without_being_run(self):
        with tempfile.TemporaryDirectory() as folder:
            text = 'raise SystemExit\nclass S:\n    postable_fields = ["a", "b.links"]\n    other = ["c"]\n'
            (Path(folder) / "ipsec_policy.py").write_text(text)
            self.assertEqual(compare.read_library(Path(folder)), {KEY: {"a"}})


if __name__ == "__main__":
    unittest.main()
