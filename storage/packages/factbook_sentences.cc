#include "storage/packages/factbook_sentences.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/text/html_text.h"
#include "engine/text/text_words.h"
#include "storage/packages/article_text.h"

namespace realm::factbook {
namespace {

using namespace article;

struct Template {
  std::string_view path;      // field, or field/part
  std::string_view sentence;  // @: the country, #: the value
};

// Fields that most countries have, in the order of the profiles.
constexpr std::array kTemplates = std::to_array<Template>({
    {"Background", "#"},
    {"Location", "The location of @ is #."},
    {"Geographic coordinates", "The geographic coordinates of @ are #."},
    {"Area/total", "The total area of @ is #."},
    {"Area/land", "The land area of @ is #."},
    {"Area/water", "The water area of @ is #."},
    {"Area - comparative", "In area, @ is #."},
    {"Land boundaries/total", "The total length of the land boundaries of @ is #."},
    {"Land boundaries/border countries", "The countries that border @ are #."},
    {"Coastline", "The length of the coastline of @ is #."},
    {"Climate", "The climate of @ is #."},
    {"Terrain", "The terrain of @ is #."},
    {"Elevation extremes/lowest point", "The lowest point of @ is #."},
    {"Elevation extremes/highest point", "The highest point of @ is #."},
    {"Natural resources", "The natural resources of @ are #."},
    {"Total renewable water resources", "The total renewable water resources of @ are #."},
    {"Natural hazards", "The natural hazards of @ are #."},
    {"Environment - current issues", "The current environmental issues of @ are #."},
    {"Environment - international agreements/party to",
     "@ is party to these environmental agreements: #."},
    {"Environment - international agreements/signed, but not ratified",
     "@ has signed, but not ratified, these environmental agreements: #."},
    {"Geography - note", "A note on the geography of @: #."},
    {"Irrigated land", "The irrigated land of @ measures #."},
    {"Nationality/noun", "People from @ are called #."},
    {"Nationality/adjective", "The adjective for @ is #."},
    {"Ethnic groups", "The ethnic groups of @ are #."},
    {"Languages", "The languages of @ are #."},
    {"Religions", "The religions of @ are #."},
    {"Population", "The population of @ is #."},
    {"Median age/total", "The median age in @ is #."},
    {"Median age/male", "The median age of men in @ is #."},
    {"Median age/female", "The median age of women in @ is #."},
    {"Population growth rate", "The population growth rate of @ is #."},
    {"Birth rate", "The birth rate of @ is #."},
    {"Death rate", "The death rate of @ is #."},
    {"Net migration rate", "The net migration rate of @ is #."},
    {"Urbanization/urban population", "In @, the urban population is #."},
    {"Urbanization/rate of urbanization", "The rate of urbanization in @ is #."},
    {"Major urban areas - population", "The major urban areas of @ by population are #."},
    {"Life expectancy at birth/total population", "The life expectancy at birth in @ is #."},
    {"Life expectancy at birth/male", "For men in @ the life expectancy is #."},
    {"Life expectancy at birth/female", "For women in @ the life expectancy is #."},
    {"Infant mortality rate/total", "The infant mortality rate in @ is #."},
    {"Total fertility rate", "The total fertility rate in @ is #."},
    {"Health expenditures", "The health expenditures of @ are #."},
    {"Education expenditures", "The education expenditures of @ are #."},
    {"Physicians density", "The density of physicians in @ is #."},
    {"Hospital bed density", "The density of hospital beds in @ is #."},
    {"Literacy/total population", "The literacy rate in @ is #."},
    {"Literacy/male", "The literacy rate of men in @ is #."},
    {"Literacy/female", "The literacy rate of women in @ is #."},
    {"Country name/conventional long form", "The official name of @ is #."},
    {"Country name/local long form", "The official name of @ in its own language is #."},
    {"Country name/local short form", "The local name of @ is #."},
    {"Country name/former", "Former names of @: #."},
    {"Country name/abbreviation", "The abbreviation for @ is #."},
    {"Country name/etymology", "The name of @: #."},
    {"Government type", "The form of government of @ is #."},
    {"Dependency status", "The dependency status of @: #."},
    {"Capital/name", "The capital of @ is #."},
    {"Capital/geographic coordinates", "The capital of @ lies at #."},
    {"Capital/time difference", "The time in the capital of @ is #."},
    {"Capital/daylight saving time", "Daylight saving time in the capital of @: #."},
    {"Administrative divisions", "The administrative divisions of @ are #."},
    {"Independence", "The independence of @ dates from #."},
    {"National holiday", "The national holiday of @ is #."},
    {"Constitution", "The constitution of @: #."},
    {"Legal system", "The legal system of @ is #."},
    {"International law organization participation", "International law in @: #."},
    {"Citizenship/birthright citizenship", "Citizenship of @ by birth: #."},
    {"Citizenship/dual citizenship recognized", "Dual citizenship recognized by @: #."},
    {"Citizenship/residency requirement for naturalization",
     "The residency that @ requires for naturalization: #."},
    {"Suffrage", "The voting age in @ is #."},
    {"Executive branch/chief of state", "The chief of state of @ is #."},
    {"Executive branch/head of government", "The head of government of @ is #."},
    {"Executive branch/cabinet", "The cabinet of @: #."},
    {"Executive branch/elections/appointments", "Elections and appointments in @: #."},
    {"Executive branch/election results", "Results of the last election in @: #."},
    {"Legislative branch/description", "The legislative branch of @: #."},
    {"Legislative branch/elections", "Legislative elections in @: #."},
    {"Legislative branch/election results", "Results of the legislative elections in @: #."},
    {"Judicial branch/highest court(s)", "The highest courts of @: #."},
    {"Judicial branch/subordinate courts", "The subordinate courts of @: #."},
    {"Judicial branch/judge selection and term of office", "The judges of @: #."},
    {"Political parties and leaders", "The political parties and leaders of @: #."},
    {"International organization participation",
     "@ takes part in these international organizations: #."},
    {"Flag description", "The flag of @: #."},
    {"National symbol(s)", "The national symbols of @ are #."},
    {"National anthem/name", "The national anthem of @ is #."},
    {"National anthem/lyrics/music", "The lyrics and music of the national anthem of @ are by #."},
    {"Economy - overview", "#"},
    {"GDP (purchasing power parity)", "The GDP of @ at purchasing power parity is #."},
    {"GDP (official exchange rate)", "The GDP of @ at the official exchange rate is #."},
    {"GDP - real growth rate", "The real growth rate of the GDP of @ is #."},
    {"GDP - per capita (PPP)", "The GDP per capita of @ at purchasing power parity is #."},
    {"Agriculture - products", "The agricultural products of @ are #."},
    {"Industries", "The industries of @ are #."},
    {"Labor force", "The labor force of @ is #."},
    {"Unemployment rate", "The unemployment rate of @ is #."},
    {"Population below poverty line", "The population below the poverty line in @ is #."},
    {"Public debt", "The public debt of @ is #."},
    {"Inflation rate (consumer prices)", "The inflation rate of consumer prices in @ is #."},
    {"Exports", "The exports of @ are worth #."},
    {"Exports - commodities", "The export commodities of @ are #."},
    {"Exports - partners", "The export partners of @ are #."},
    {"Imports", "The imports of @ are worth #."},
    {"Imports - commodities", "The import commodities of @ are #."},
    {"Imports - partners", "The import partners of @ are #."},
    {"Exchange rates", "The exchange rates of @ are #."},
    {"Internet country code", "The Internet country code of @ is #."},
    {"Internet users/total", "The number of Internet users in @ is #."},
    {"Telephone system/general assessment", "The telephone system of @: #."},
    {"Telephone system/domestic", "The domestic telephone system of @: #."},
    {"Telephone system/international", "International telephone connections of @: #."},
    {"Airports", "The number of airports in @ is #."},
    {"Heliports", "The number of heliports in @ is #."},
    {"Waterways", "The waterways of @ measure #."},
    {"Railways/total", "The total length of the railways of @ is #."},
    {"Roadways/total", "The total length of the roads of @ is #."},
    {"Military branches", "The military branches of @ are #."},
    {"Military expenditures", "The military expenditures of @ are #."},
    {"Military - note", "A note on the military of @: #."},
    {"Trafficking in persons/current situation", "Trafficking in persons in @: #."},
    {"Trafficking in persons/tier rating", "The rating of @ for trafficking in persons: #."},
    {"Disputes - international", "International disputes of @: #."},
    {"Illicit drugs", "Illicit drugs in @: #."},
});

// Fields, and parts of fields, that tell a reader nothing.
constexpr std::array<std::string_view, 8> kLeftOutFields = {
    "Map references",
    "Airports - with paved runways",
    "Airports - with unpaved runways",
    "Manpower available for military service",
    "Manpower fit for military service",
    "Manpower reaching militarily significant age annually",
    "Internet hosts",
    "Household income or consumption by percentage share"};
constexpr std::array<std::string_view, 12> kLeftOutParts = {"telephone",
                                                            "FAX",
                                                            "mailing address",
                                                            "chancery",
                                                            "embassy",
                                                            "consulate(s) general",
                                                            "consulate(s)",
                                                            "branch office(s)",
                                                            "population pyramid",
                                                            "Area comparison map",
                                                            "conventional short form",
                                                            "definition"};

template <size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& texts) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool is_unknown(std::string_view value) {
  const std::string plain(value.substr(0, value.find_first_of(" ;(%")));
  return plain == "NA" || plain == "$NA" || plain == "n/a" || value == "none" || value == "-" ||
         value.starts_with("note - see individual") || value == "none of the selected agreements";
}

// SURNAMES and CAPITALS, as the Factbook writes them, but for what stands in brackets (parties).
std::string without_capitals(std::string value) {
  constexpr size_t kShortestName = 3;
  int depth = 0;
  for (size_t at = 0; at < value.size();) {
    if (value[at] == '(' || value[at] == '[') ++depth;
    if (value[at] == ')' || value[at] == ']') --depth;
    if (!is_letter(value[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < value.size() && is_letter(value[end])) ++end;
    const auto begin = value.begin() + static_cast<std::ptrdiff_t>(at);
    const auto stop = value.begin() + static_cast<std::ptrdiff_t>(end);
    if (depth == 0 && end - at >= kShortestName && std::all_of(begin, stop, is_upper)) {
      for (auto letter = begin + 1; letter != stop; ++letter)
        *letter = static_cast<char>(*letter - 'A' + 'a');
    }
    at = end;
  }
  return value;
}

bool names_people(std::string_view field, std::string_view part) {
  return field == "Major urban areas - population" ||
         (field == "Executive branch" &&
          (part == "chief of state" || part == "head of government" || part == "election results"));
}

std::string fill_in(std::string_view pattern, const std::string& country, std::string value) {
  if (pattern.back() == '.' && value.ends_with('.')) value.pop_back();
  std::string out;
  for (const char c : pattern) {
    if (c == '@') {
      out += out.empty() ? with_capital(country) : country;
    } else if (c == '#') {
      out += value;
    } else {
      out += c;
    }
  }
  return out;
}

// "varies from tropical to near temperate" and the like do not go behind "is".
bool goes_behind_is(std::string_view value) {
  constexpr std::array<std::string_view, 18> kBegins = {
      "varies ",  "includes ", "include ", "consists ", "ranges ",      "none",
      "no ",      "note",      "see ",     "in ",       "under ",       "due ",
      "based on", "since ",    "total:",   "there ",    "metropolitan", "following "};
  return std::none_of(kBegins.begin(), kBegins.end(),
                      [&](std::string_view begin) { return value.starts_with(begin); });
}

const Template* find_template(std::string_view path, std::string_view value) {
  const auto found = std::find_if(kTemplates.begin(), kTemplates.end(),
                                  [&](const Template& known) { return known.path == path; });
  if (found == kTemplates.end()) return nullptr;
  const bool is = found->sentence.ends_with(" is #.") || found->sentence.ends_with(" are #.");
  return is && !goes_behind_is(value) ? nullptr : &*found;
}

// "GDP - composition, by sector of origin" -> "GDP composition, by sector of origin"
std::string spoken(std::string_view field) {
  if (field == "Telephones - fixed lines") return "Fixed telephone lines";
  if (field == "Telephones - mobile cellular") return "Mobile telephones";
  std::string out(field);
  replace_all(out, " - ", " ");
  replace_all(out, "(s)", "s");
  return out;
}

// "Natural hazards" inside a sentence; "GDP" stays.
std::string in_sentence(std::string_view field) {
  std::string out = spoken(field);
  if (out.size() > 1 && is_upper(out[0]) && is_lower(out[1]))
    out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

void append(std::string& text, const std::string& sentence) {
  if (sentence.empty()) return;
  if (!text.empty()) text += ' ';
  text += sentence;
}

}  // namespace

std::string name_in_sentence(std::string_view country) {
  if (country.starts_with("The ")) return "the " + std::string(country.substr(4));
  if (country == "World") return "the world";
  constexpr std::array<std::string_view, 19> kEnds = {
      "Islands",   "Ocean",       "Republic",    "Kingdom",       "States",
      "Union",     "Netherlands", "Philippines", "Maldives",      "Strip",
      "West Bank", "Lands",       "Comoros",     "Isle of Man",   "Reefs",
      "Territory", "Atolls",      "Holy See",    "(Vatican City)"};
  for (const std::string_view end : kEnds) {
    if (country.ends_with(end)) return "the " + std::string(country);
  }
  for (const std::string_view begin : {"Republic of", "Democratic Republic", "Congo, "}) {
    if (country.starts_with(begin)) return "the " + std::string(country);
  }
  return std::string(country);
}

std::string section_title(std::string_view section, std::string_view country) {
  if (section == "Introduction") return std::string(country);
  const bool inside =
      section == "Energy" || section == "Communications" || section == "Transportation";
  std::string name(section);
  if (name == "People and Society") name = "People and society";
  if (name == "Transnational Issues") name = "Transnational issues";
  return name + (inside ? " in " : " of ") + name_in_sentence(country);
}

std::string sentences_for(const Field& field, std::string_view country) {
  if (is_one_of(field.name, kLeftOutFields)) return {};
  const std::string name = name_in_sentence(country);
  std::string text;
  if (!field.text.empty() && !is_unknown(field.text)) {
    const std::string value =
        names_people(field.name, {}) ? without_capitals(field.text) : field.text;
    const Template* known = find_template(field.name, value);
    append(text, fill_in(known != nullptr ? std::string(known->sentence)
                                          : spoken(field.name) + " of @: #.",
                         name, value));
  }
  std::string rest;  // parts without a sentence of their own share one
  std::string notes;
  for (const auto& [part, written] : field.parts) {
    if (is_unknown(written) || is_one_of(part, kLeftOutParts)) continue;
    const std::string value = names_people(field.name, part) ? without_capitals(written) : written;
    if (const Template* known = find_template(field.name + "/" + part, value)) {
      append(text, fill_in(known->sentence, name, value));
    } else if (part == "note") {
      append(notes, fill_in("Note on the " + in_sentence(field.name) + " of @: #.", name, value));
    } else {
      rest += (rest.empty() ? "" : "; ") + spoken(part) + ": " + value;
    }
  }
  if (!rest.empty()) append(text, fill_in(spoken(field.name) + " of @: #.", name, rest));
  append(text, notes);
  if (!text.empty() && !ends_sentence(text)) text += '.';
  return text;
}

std::string clean_value(std::string_view value) {
  std::string plain;
  for (size_t at = 0; at < value.size(); ++at) {
    const size_t close = value[at] == '<' ? value.find('>', at) : std::string_view::npos;
    const bool tag = close != std::string_view::npos && at + 1 < value.size() &&
                     (is_letter(value[at + 1]) || value[at + 1] == '/');
    if (tag) {
      plain += ' ';
      at = close;
    } else {
      plain += value[at];
    }
  }
  plain = tidy(unescape_html(plain));
  replace_all(plain, "(s)", "s");
  replace_all(plain, " ++ ", "; ");
  replace_all(plain, "- ; ", "- ");
  replace_all(plain, ":;", ":");
  std::string_view out = trim(plain);
  while (out.starts_with("++") || out.starts_with(";"))
    out = trim(out.substr(out[0] == '+' ? 2 : 1));
  while (out.ends_with("++") || out.ends_with(";"))
    out = trim(out.substr(0, out.size() - (out.back() == '+' ? 2 : 1)));
  return std::string(out);
}

}  // namespace realm::factbook
