#include "app/platform/rasterizer.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace realm::platform {
namespace {

struct Texture {
  const unsigned char* alpha = nullptr;
  int width = 0, height = 0;

  // The nearest texel: glyphs stand on whole pixels, texel on pixel.
  float at(ImVec2 uv) const {
    const int x = std::clamp(static_cast<int>(uv.x * static_cast<float>(width)), 0, width - 1);
    const int y = std::clamp(static_cast<int>(uv.y * static_cast<float>(height)), 0, height - 1);
    return static_cast<float>(alpha[static_cast<size_t>(y) * static_cast<size_t>(width) +
                                    static_cast<size_t>(x)]) /
           255.0F;
  }
};

// Twice the area of a, b, p; above 0 where p lies to the right of the way from a to b, as y grows
// downwards.
float side(ImVec2 a, ImVec2 b, ImVec2 p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

// Of two triangles with a common edge exactly one has the pixels on it.
bool owns_edge(ImVec2 a, ImVec2 b) { return a.y == b.y ? b.x > a.x : b.y < a.y; }

class Canvas {
 public:
  Canvas(int width, int height, const std::array<uint8_t, 4>& ground)
      : width_(width), height_(height) {
    const auto pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
    rgba_.reserve(pixels * 4);
    for (size_t i = 0; i < pixels; ++i) rgba_.insert(rgba_.end(), ground.begin(), ground.end());
  }

  void set_clip(const ImVec4& rectangle) {
    left_ = std::max(0, static_cast<int>(rectangle.x));
    top_ = std::max(0, static_cast<int>(rectangle.y));
    right_ = std::min(width_, static_cast<int>(rectangle.z));
    bottom_ = std::min(height_, static_cast<int>(rectangle.w));
  }

  void fill(const ImDrawVert* a, const ImDrawVert* b, const ImDrawVert* c, const Texture& texture) {
    float area = side(a->pos, b->pos, c->pos);
    if (area == 0) return;
    if (area < 0) {
      std::swap(b, c);
      area = -area;
    }
    const auto [low_x, high_x] = std::minmax({a->pos.x, b->pos.x, c->pos.x});
    const auto [low_y, high_y] = std::minmax({a->pos.y, b->pos.y, c->pos.y});
    const int first_x = std::max(left_, static_cast<int>(std::floor(low_x)));
    const int last_x = std::min(right_ - 1, static_cast<int>(std::ceil(high_x)));
    const int first_y = std::max(top_, static_cast<int>(std::floor(low_y)));
    const int last_y = std::min(bottom_ - 1, static_cast<int>(std::ceil(high_y)));
    const bool own_a = owns_edge(b->pos, c->pos), own_b = owns_edge(c->pos, a->pos),
               own_c = owns_edge(a->pos, b->pos);
    for (int y = first_y; y <= last_y; ++y) {
      for (int x = first_x; x <= last_x; ++x) {
        const ImVec2 p{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
        const float at_a = side(b->pos, c->pos, p), at_b = side(c->pos, a->pos, p),
                    at_c = side(a->pos, b->pos, p);
        if (at_a < 0 || at_b < 0 || at_c < 0 || (at_a == 0 && !own_a) || (at_b == 0 && !own_b) ||
            (at_c == 0 && !own_c))
          continue;
        const std::array<float, 3> weight = {at_a / area, at_b / area, at_c / area};
        const ImVec2 uv{weight[0] * a->uv.x + weight[1] * b->uv.x + weight[2] * c->uv.x,
                        weight[0] * a->uv.y + weight[1] * b->uv.y + weight[2] * c->uv.y};
        blend(x, y, {a->col, b->col, c->col}, weight, texture.at(uv));
      }
    }
  }

  std::vector<uint8_t> take() { return std::move(rgba_); }

 private:
  static float channel(const std::array<ImU32, 3>& colors, const std::array<float, 3>& weight,
                       int shift) {
    float out = 0;
    for (size_t i = 0; i < 3; ++i)
      out += weight[i] * static_cast<float>((colors[i] >> shift) & 0xFFU);
    return out;
  }

  void blend(int x, int y, const std::array<ImU32, 3>& colors, const std::array<float, 3>& weight,
             float coverage) {
    const float alpha = coverage * channel(colors, weight, IM_COL32_A_SHIFT) / 255.0F;
    if (alpha <= 0) return;
    uint8_t* const pixel =
        &rgba_[(static_cast<size_t>(y) * static_cast<size_t>(width_) + static_cast<size_t>(x)) * 4];
    constexpr std::array<int, 3> kShifts = {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT};
    for (size_t i = 0; i < 3; ++i) {
      const float mixed =
          channel(colors, weight, kShifts[i]) * alpha + static_cast<float>(pixel[i]) * (1 - alpha);
      pixel[i] = static_cast<uint8_t>(std::clamp(mixed + 0.5F, 0.0F, 255.0F));
    }
  }

  int width_, height_;
  int left_ = 0, top_ = 0, right_ = 0, bottom_ = 0;
  std::vector<uint8_t> rgba_;
};

}  // namespace

std::vector<uint8_t> rasterize(const ImDrawData& data, ImFontAtlas& atlas,
                               const std::array<uint8_t, 4>& ground) {
  unsigned char* alpha = nullptr;
  Texture texture;
  atlas.GetTexDataAsAlpha8(&alpha, &texture.width, &texture.height);
  texture.alpha = alpha;
  Canvas canvas(static_cast<int>(data.DisplaySize.x), static_cast<int>(data.DisplaySize.y), ground);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      if (command.UserCallback != nullptr) continue;
      canvas.set_clip(command.ClipRect);
      const std::span<const ImDrawIdx> indices(list.IdxBuffer.Data + command.IdxOffset,
                                               command.ElemCount);
      const ImDrawVert* const vertices = list.VtxBuffer.Data + command.VtxOffset;
      for (size_t k = 0; k + 2 < indices.size(); k += 3) {
        canvas.fill(vertices + indices[k], vertices + indices[k + 1], vertices + indices[k + 2],
                    texture);
      }
    }
  }
  return canvas.take();
}

}  // namespace realm::platform
