#include "language/phrasings.h"

namespace hearth::language::testing {
namespace {

const Phrasings english{"en"};

TEST(English, TurnsThingsOn) {
    english.all_mean("kitchen on_off.on=true",
                     {"turn on the kitchen light", "turn the kitchen light on", "Kitchen light on!",
                      "Please switch on the kitchen light.", "could you turn the kitchen light on",
                      "switch kitchen light on please", "turn on the light in the kitchen",
                      "turn the kitchen lights on", "lights on in the kitchen",
                      "turn on all the lights in the kitchen", "light up the kitchen",
                      "turn on the kitchen", "turn the lights on in the kitchen",
                      "hey, turn on the kitchen light, thanks", "put the kitchen light on"});
    english.all_mean("coffee on_off.on=true",
                     {"turn on the coffee machine", "start the coffee machine", "coffee machine on",
                      "switch the coffee plug on"});
    english.all_mean(
        "confirm many: hall on_off.on=true, kitchen on_off.on=true, lamp on_off.on=true",
        {"turn on all lights", "all lights on", "turn all the lights on", "lights on",
         "turn on the lights", "everything on", "turn on every light in the house",
         "lights on everywhere"});
}

TEST(English, TurnsThingsOff) {
    english.all_mean("kitchen on_off.on=false",
                     {"turn off the kitchen light", "turn the kitchen light off",
                      "kitchen light off", "kill the kitchen lights", "kitchen lights out",
                      "switch off the light in the kitchen", "shut off the kitchen light"});
    english.all_mean("lamp on_off.on=false",
                     {"turn off the floor lamp", "turn the living room lamp off",
                      "turn off the lounge lights", "living room light off"});
    english.all_mean(
        "confirm many: hall on_off.on=false, kitchen on_off.on=false, lamp on_off.on=false",
        {"lights off", "turn off all the lights", "turn everything off", "all lights off",
         "lights out", "switch off all of the lights"});
    english.all_mean("coffee on_off.on=false", {"stop the coffee machine", "coffee machine off"});
}

TEST(English, MeansTheRoomWhereItWasSaid) {
    english.all_mean_in("kitchen", "kitchen on_off.on=true",
                        {"turn on the light", "lights on", "turn the lights on", "light on",
                         "turn on the lights in here", "it's too dark in here",
                         "it is dark in here"});
    english.all_mean_in("living_room", "lamp on_off.on=false",
                        {"turn off the light", "lights off", "kill the lights", "lights out"});
    english.all_mean_in(
        "kitchen",
        "confirm many: hall on_off.on=false, kitchen on_off.on=false, lamp on_off.on=false",
        {"turn everything off", "lights off everywhere"});
    english.all_mean_in("bedroom", "nothing_found no_domain_in_area", {"turn on the light"});
    english.all_mean_in("living_room", "lamp level.percent=30",
                        {"dim the lights to 30 percent", "brightness 30%", "lights at 30%"});
    english.all_mean_in(
        "bedroom", "? thermometer temperature.celsius",
        {"how warm is it", "what's the temperature", "what is the temperature here"});
}

TEST(English, SetsBrightness) {
    english.all_mean("kitchen level.percent=30",
                     {"dim the kitchen light to 30 percent", "set the kitchen light to 30%",
                      "dim the kitchen light down to thirty percent", "kitchen light 30%",
                      "set the brightness of the kitchen light to 30",
                      "kitchen light at 30 percent", "turn the kitchen light down to 30%",
                      "set kitchen brightness to 30%", "dim the lights in the kitchen to 30%"});
    english.all_mean("kitchen level.percent=100",
                     {"set the kitchen light to full brightness", "kitchen light to maximum",
                      "set the kitchen light to one hundred percent"});
    english.all_mean("kitchen level.percent=50", {"dim the kitchen light to half"});
    // The hall's light cannot be dimmed and is passed over among others, but not when named.
    english.all_mean("confirm many: kitchen level.percent=20, lamp level.percent=20",
                     {"dim all the lights to 20 percent", "set the lights to 20%"});
    english.all_mean("cannot entity_cannot", {"dim the hall light to 20 percent"});
}

TEST(English, OpensAndClosesAndLocks) {
    english.all_mean("curtain cover.position=100",
                     {"open the curtain", "open the bedroom curtain", "open the curtains",
                      "open the curtains in the bedroom", "pull the curtain open",
                      "raise the bedroom blinds", "open all the curtains"});
    english.all_mean("curtain cover.position=0",
                     {"close the curtain", "shut the bedroom curtain", "close the curtains",
                      "draw the curtains in the bedroom", "lower the bedroom curtain"});
    english.all_mean("curtain cover.position=50",
                     {"open the curtain halfway", "set the bedroom blinds to half"});
    english.all_mean("curtain cover.position=40",
                     {"open the curtain to 40%", "set the bedroom curtain to forty percent"});
    english.all_mean("door lock.state=locked", {"lock the front door", "lock the door",
                                                "lock up the doors", "lock the door lock"});
    english.all_mean("confirm risk: door lock.state=unlocked",
                     {"unlock the front door", "unlock the door"});
}

TEST(English, AnswersQuestions) {
    english.all_mean("? kitchen on_off.on=on",
                     {"is the kitchen light on?", "is the light on in the kitchen",
                      "are the kitchen lights on", "is the kitchen light turned on"});
    english.all_mean("? kitchen on_off.on=off", {"is the kitchen light off"});
    english.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=on",
                     {"are any lights on", "which lights are on", "are the lights on"});
    english.all_mean("? door lock.state=locked",
                     {"is the front door locked", "is the door locked",
                      "did I lock the front door locked", "are all the doors locked"});
    english.all_mean("? curtain cover.position=open",
                     {"is the curtain open", "are the curtains in the bedroom open"});
    english.all_mean("? thermometer temperature.celsius",
                     {"what is the temperature in the bedroom", "how warm is it in the bedroom",
                      "what's the bedroom temperature", "how cold is the bedroom",
                      "what's the temperature of the thermometer", "what is the temperature"});
    english.all_mean("? thermometer humidity.percent",
                     {"what is the humidity in the bedroom", "how humid is it in the bedroom"});
    english.all_mean("? door lock.state=locked", {"did I lock the front door"});
    english.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=off",
                     {"are all the lights off", "is everything off"});
    english.all_mean("? kitchen on_off.on=on", {"which lights are on in the kitchen"});
    english.all_mean("? kitchen level.percent", {"how bright is the kitchen light"});
    english.all_mean("? motion occupancy.occupied=on",
                     {"is there motion in the hall", "is anyone in the hall"});
    english.all_mean("? door lock.state",
                     {"what is the state of the front door", "front door status"});
    english.all_mean("? motion occupancy.occupied", {"how is the hall motion"});
    english.all_mean("nothing_found no_device_class_in_area",
                     {"what's the temperature in the kitchen"});
}

TEST(English, FindsNothingWhereNothingIs) {
    english.all_mean("nothing_found no_entity",
                     {"turn on the dishwasher", "lock the garage", "open the pod bay doors"});
    english.all_mean("nothing_found no_area", {"turn on the lights in the attic"});
    english.all_mean("nothing_found no_domain_in_area", {"turn on the lights in the bedroom"});
    english.all_mean("cannot entity_cannot", {"turn on the front door", "lock the kitchen light"});
    english.all_mean("ambiguous which_one", {"turn on the light", "light off"});
}

TEST(English, DoesNothingForWhatItDoesNotUnderstand) {
    english.none_acts({"don't turn on the light",
                       "do not turn on the kitchen light",
                       "never turn off the kitchen light",
                       "please don't unlock the front door",
                       "I would not turn on the kitchen light",
                       "turn the kitchen light",
                       "kitchen light",
                       "turn on",
                       "on",
                       "the",
                       "lights",
                       "turn the kitchen light on and off",
                       "if it rains close the curtain",
                       "turn on the kitchen light tomorrow",
                       "don't forget to lock the front door",
                       "what time is it",
                       "tell me a joke",
                       "who is the president",
                       "the kitchen light on the left is broken",
                       "did you turn on the kitchen light",
                       "why is the kitchen light on",
                       "unlock nothing",
                       "set the kitchen light to 300 percent",
                       "dim the kitchen light to -5",
                       "turn on the kitchen light unless it is on",
                       "no"});
}

} // namespace
} // namespace hearth::language::testing
