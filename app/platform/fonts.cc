#include "app/platform/fonts.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include <imgui_freetype.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

namespace realm::platform {
namespace {

// Inclusive pairs, ended by 0. What texts in many European languages and in mathematics need.
constexpr ImWchar kAllRanges[] = {0x0020, 0x024F,  // Latin, with all extensions up to B
                                  0x0370, 0x052F,  // Greek, Cyrillic
                                  0x1E00, 0x1EFF,  // Latin with more accents
                                  0x2000, 0x206F,  // punctuation
                                  0x2070, 0x20CF,  // superscripts, currency
                                  0x2100, 0x214F,  // letter-like
                                  0x2190, 0x21FF,  // arrows
                                  0x2200, 0x22FF,  // mathematics
                                  0x2300, 0x23FF,  // technical
                                  0x2500, 0x25FF,  // lines, blocks, shapes
                                  0x2600, 0x26FF, 0x2700,
                                  0x27BF, 0xFB00, 0xFB06,  // ligatures that stand in texts
                                  0xFFFD, 0xFFFD, 0};
// Enough for large scales, where the atlas would outgrow the texture.
constexpr ImWchar kFewRanges[] = {0x0020, 0x017F, 0x0370, 0x03FF, 0x2010, 0x2027, 0x2190,
                                  0x2193, 0x2200, 0x2265, 0xFFFD, 0xFFFD, 0};

struct FreeTypeClose {
  void operator()(FT_LibraryRec_* library) const { FT_Done_FreeType(library); }
  void operator()(FT_FaceRec_* face) const { FT_Done_Face(face); }
};
using Library = std::unique_ptr<FT_LibraryRec_, FreeTypeClose>;
using Face = std::unique_ptr<FT_FaceRec_, FreeTypeClose>;

Face open_face(FT_Library library, const std::filesystem::path& file) {
  FT_Face face = nullptr;
  if (file.empty() || FT_New_Face(library, file.c_str(), 0, &face) != 0) return nullptr;
  return Face(face);
}

// Dear ImGui's size is the height from ascender to descender; designs give the em.
float line_of_em(const FT_FaceRec_& face, float em) {
  const auto height = static_cast<float>(face.ascender - face.descender);
  return em * height / static_cast<float>(std::max<int>(1, face.units_per_EM));
}

float linear_advance(const Face& face, ImWchar c, float em) {
  if (!face) return -1;
  const FT_UInt glyph = FT_Get_Char_Index(face.get(), c);
  FT_Fixed advance = 0;
  if (glyph == 0 || FT_Get_Advance(face.get(), glyph, FT_LOAD_NO_SCALE, &advance) != 0) return -1;
  return static_cast<float>(advance) * em /
         static_cast<float>(std::max<int>(1, face->units_per_EM));
}

// Dear ImGui rounds every advance up, which spaces text loosely: they are set to the nearest pixel
// here, and all figures to the width of the widest.
void fix_advances(ImFont& font, const Face& main, const Face& fallback, float em) {
  float widest_figure = 0;
  for (ImWchar c = '0'; c <= '9'; ++c)
    widest_figure = std::max(widest_figure, std::round(linear_advance(main, c, em)));
  for (ImFontGlyph& glyph : font.Glyphs) {
    const auto c = static_cast<ImWchar>(glyph.Codepoint);
    float advance = linear_advance(main, c, em);
    if (advance < 0) advance = linear_advance(fallback, c, em);
    if (advance < 0) continue;
    const bool is_figure = c >= '0' && c <= '9';
    const float wanted = is_figure ? widest_figure : std::round(advance);
    if (is_figure) {
      const float shift = std::round((widest_figure - std::round(advance)) / 2);
      glyph.X0 += shift;
      glyph.X1 += shift;
    }
    glyph.AdvanceX = wanted;
  }
  font.BuildLookupTable();
}

std::filesystem::path first_existing(const std::vector<std::filesystem::path>& folders,
                                     std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names) {
    for (const std::filesystem::path& folder : folders) {
      std::filesystem::path file = folder / name;
      if (std::filesystem::is_regular_file(file, ignored)) return file;
    }
  }
  return {};
}

}  // namespace

std::vector<std::filesystem::path> system_font_folders() {
  return {"/usr/local/share/fonts",           "/usr/share/fonts/opentype/inter",
          "/usr/share/fonts/truetype/inter",  "/usr/share/fonts/opentype",
          "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu"};
}

FontFiles find_fonts(const std::vector<std::filesystem::path>& folders) {
  FontFiles files;
  files.fallback = first_existing(folders, {"DejaVuSans.ttf"});
  files.mono = first_existing(folders, {"DejaVuSansMono.ttf"});
  files.text = first_existing(folders, {"Inter-Regular.otf", "Inter-Regular.ttf"});
  files.strong = first_existing(folders, {"Inter-SemiBold.otf", "Inter-SemiBold.ttf"});
  if (files.text.empty() || files.strong.empty()) {
    files.text = files.fallback;
    files.strong = first_existing(folders, {"DejaVuSans-Bold.ttf"});
    if (files.strong.empty()) files.strong = files.text;
  }
  if (files.mono.empty()) files.mono = files.text;
  return files;
}

widgets::Fonts build_fonts(const FontFiles& files, float scale, int max_texture) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  atlas.TexDesiredWidth = std::min(max_texture, scale > 1.6F ? 4096 : 2048);

  FT_Library raw = nullptr;
  if (FT_Init_FreeType(&raw) != 0) raw = nullptr;
  const Library library(raw);
  const Face fallback = library ? open_face(library.get(), files.fallback) : nullptr;

  struct Wanted {
    ImFont** font = nullptr;
    const std::filesystem::path* file = nullptr;
    float em = 0;
    bool all_ranges = true;
    Face face{};
  };
  widgets::Fonts fonts;
  std::array<Wanted, 6> wanted = {{{&fonts.body, &files.text, 15},
                                   {&fonts.strong, &files.strong, 15},
                                   {&fonts.small_text, &files.text, 13},
                                   {&fonts.small_strong, &files.strong, 13, false},
                                   {&fonts.hero, &files.text, 20},
                                   {&fonts.mono, &files.mono, 12.5F, false}}};
  for (Wanted& want : wanted) {
    want.em *= scale;
    const ImWchar* ranges = want.all_ranges && scale <= 2.05F ? kAllRanges : kFewRanges;
    want.face = library ? open_face(library.get(), *want.file) : nullptr;
    ImFontConfig config;
    config.PixelSnapH = true;
    if (!want.face) {
      config.SizePixels = std::round(13 * scale);
      *want.font = atlas.AddFontDefault(&config);
      continue;
    }
    *want.font = atlas.AddFontFromFileTTF(
        want.file->c_str(), std::round(line_of_em(*want.face, want.em)), &config, ranges);
    if (fallback && *want.file != files.fallback) {
      config.MergeMode = true;
      atlas.AddFontFromFileTTF(files.fallback.c_str(), std::round(line_of_em(*fallback, want.em)),
                               &config, ranges);
    }
  }
  atlas.Build();
  for (Wanted& want : wanted) {
    if (want.face) {
      // The size was rounded to whole pixels: the em that it really has.
      const float em = (*want.font)->FontSize / line_of_em(*want.face, 1);
      fix_advances(**want.font, want.face, fallback, em);
    }
  }
  ImGui::GetIO().FontDefault = fonts.body;
  return fonts;
}

}  // namespace realm::platform
