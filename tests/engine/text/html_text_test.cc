#include "engine/text/html_text.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(UnescapeHtml, ReplacesNamedAndNumericReferences) {
  EXPECT_EQ(unescape_html("Tom &amp; Jerry &lt;3 &quot;x&quot;"), "Tom & Jerry <3 \"x\"");
  EXPECT_EQ(unescape_html("1914&#8211;1918 &#x2013; &#X41;"),
            "1914\xe2\x80\x93"
            "1918 \xe2\x80\x93 A");
}

TEST(UnescapeHtml, GoesOverTheTextOnce) { EXPECT_EQ(unescape_html("&amp;lt;"), "&lt;"); }

TEST(UnescapeHtml, LeavesWhatIsNoReference) {
  EXPECT_EQ(unescape_html("AT&T; R&D &unknown; & &; &#; &#x; &#12a; &"),
            "AT&T; R&D &unknown; & &; &#; &#x; &#12a; &");
  EXPECT_EQ(unescape_html("&averyverylongname;"), "&averyverylongname;");
}

TEST(UnescapeHtml, ReplacesForbiddenCodePoints) {
  EXPECT_EQ(unescape_html("&#0;&#xD800;&#99999999;"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace realm
