#include "language/phrasings.h"

namespace hearth::language::testing {
namespace {

const Phrasings chinese{"zh-CN"};

TEST(Chinese, TurnsThingsOn) {
    chinese.all_mean("kitchen on_off.on=true",
                     {"打开厨房灯", "打开厨房的灯", "把厨房灯打开", "把厨房的灯打开。", "开厨房灯",
                      "厨房灯打开", "请打开厨房的灯", "帮我把厨房的灯打开", "厨房开灯",
                      "把厨房里的灯都打开", "打开 厨房 的 灯", "麻烦开一下厨房的灯",
                      "请帮我打开厨房灯吧", "在厨房开灯", "能不能把厨房的灯打开",
                      "可以打开厨房的灯吗"});
    chinese.all_mean("coffee on_off.on=true", {"打开咖啡机", "启动咖啡机", "把咖啡机打开"});
    chinese.all_mean("lamp on_off.on=true", {"打开落地灯", "把客厅的灯打开", "开客厅灯"});
    chinese.all_mean(
        "confirm many: hall on_off.on=true, kitchen on_off.on=true, lamp on_off.on=true",
        {"打开所有的灯", "把所有灯打开", "把灯都打开", "所有的灯都打开", "打开全部灯",
         "把家里所有的灯都打开"});
}

TEST(Chinese, TurnsThingsOff) {
    chinese.all_mean("kitchen on_off.on=false",
                     {"关闭厨房灯", "关掉厨房的灯", "把厨房灯关掉", "把厨房的灯关了", "关厨房灯",
                      "厨房关灯", "请关上厨房的灯"});
    chinese.all_mean(
        "confirm many: hall on_off.on=false, kitchen on_off.on=false, lamp on_off.on=false",
        {"关闭所有的灯", "把所有灯都关了", "把灯全关了", "全部关掉", "关掉全屋的灯"});
    chinese.all_mean("coffee on_off.on=false", {"关掉咖啡机", "把咖啡机关了"});
}

TEST(Chinese, MeansTheRoomWhereItWasSaid) {
    chinese.all_mean_in("kitchen", "kitchen on_off.on=true",
                        {"开灯", "打开灯", "把灯打开", "把灯开开", "这里太暗了"});
    chinese.all_mean_in("kitchen", "kitchen on_off.on=false",
                        {"关灯", "把灯关了", "把灯关掉", "熄灯"});
    chinese.all_mean_in("kitchen", "kitchen level.percent=50",
                        {"把灯调到50%", "亮度调到百分之五十", "灯调到一半"});
    chinese.all_mean_in("bedroom", "? thermometer temperature.celsius",
                        {"现在多少度", "温度是多少", "这里几度"});
    chinese.all_mean_in("bedroom", "nothing_found no_domain_in_area", {"开灯"});
}

TEST(Chinese, SetsBrightness) {
    chinese.all_mean("kitchen level.percent=50",
                     {"厨房灯调到50%", "把厨房灯调到百分之五十", "厨房的灯调到50%",
                      "把厨房灯的亮度调到50", "把厨房的灯调到一半", "厨房灯亮度五十",
                      "将厨房灯亮度设置为50%", "把厨房灯调暗到 50 %", "厨房灯调成５０％",
                      "把厨房的亮度调到50%"});
    chinese.all_mean("kitchen level.percent=100",
                     {"把厨房灯调到最亮", "厨房灯调到百分之百", "厨房灯调到百分之一百"});
    chinese.all_mean("confirm many: kitchen level.percent=20, lamp level.percent=20",
                     {"把所有灯调到20%", "所有的灯都调到百分之二十"});
    chinese.all_mean("cannot entity_cannot", {"门厅灯调到50%"});
}

TEST(Chinese, OpensAndClosesAndLocks) {
    chinese.all_mean("curtain cover.position=100",
                     {"打开窗帘", "拉开窗帘", "把窗帘打开", "打开卧室窗帘", "打开卧室的窗帘",
                      "把卧室的窗帘拉开", "打开所有窗帘"});
    chinese.all_mean("curtain cover.position=0",
                     {"关闭窗帘", "关上窗帘", "拉上窗帘", "把窗帘拉上", "把卧室的窗帘关上"});
    chinese.all_mean("curtain cover.position=50",
                     {"窗帘开到一半", "把窗帘开到50%", "窗帘打开到百分之五十"});
    chinese.all_mean("door lock.state=locked",
                     {"锁门", "把门锁上", "锁上大门", "把大门锁上", "锁好大门", "把大门锁了"});
    chinese.all_mean("confirm risk: door lock.state=unlocked",
                     {"解锁大门", "把大门解锁", "给大门解锁"});
}

TEST(Chinese, AnswersQuestions) {
    chinese.all_mean("? kitchen on_off.on=on",
                     {"厨房灯开着吗", "厨房的灯开着吗？", "厨房灯亮着吗", "厨房灯是不是开着",
                      "厨房灯有没有开", "厨房灯开了吗"});
    chinese.all_mean("? kitchen on_off.on=off", {"厨房灯关了吗", "厨房的灯关了没有"});
    chinese.all_mean("? door lock.state=locked", {"大门锁了吗", "大门锁好了吗", "门锁了吗",
                                                  "大门有没有锁", "大门是不是锁了", "门锁上了吗"});
    chinese.all_mean("? curtain cover.position=open", {"窗帘开着吗", "卧室的窗帘开着吗"});
    chinese.all_mean("? thermometer temperature.celsius",
                     {"卧室多少度", "卧室几度", "卧室现在多少度", "现在卧室多少度",
                      "卧室的温度是多少", "卧室温度多少", "室内温度是多少"});
    chinese.all_mean("nothing_found no_device_class_in_area", {"客厅多少度"});
    chinese.all_mean("? thermometer humidity.percent", {"卧室湿度多少", "卧室的湿度是多少"});
    chinese.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=on",
                     {"哪些灯开着", "哪些灯亮着", "灯开着吗"});
    chinese.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=off",
                     {"所有的灯都关了吗", "灯都关了吗"});
    chinese.all_mean("? motion occupancy.occupied=on", {"门厅有人吗", "门厅有没有人"});
    chinese.all_mean("? door lock.state", {"大门是什么状态", "大门的状态"});
}

TEST(Chinese, FindsNothingWhereNothingIs) {
    chinese.all_mean("nothing_found no_entity", {"打开洗碗机"});
    chinese.all_mean("nothing_found no_domain_in_area", {"把卧室的灯打开"});
    chinese.all_mean("ambiguous which_one", {"开灯", "把灯打开", "关灯"});
    chinese.all_mean("cannot entity_cannot", {"打开大门"});
}

TEST(Chinese, DoesNothingForWhatItDoesNotUnderstand) {
    chinese.none_acts({"别开灯",
                       "不要打开厨房灯",
                       "别把厨房的灯打开",
                       "不要关灯",
                       "千万别解锁大门",
                       "不许开灯",
                       "厨房灯",
                       "打开",
                       "今天天气怎么样",
                       "讲个笑话",
                       "开心一点",
                       "关键是什么",
                       "厨房灯调到百分之三百",
                       "我喜欢开灯睡觉",
                       "如果下雨就关窗帘",
                       "明天打开厨房灯",
                       "先别把灯打开",
                       "请不要锁门",
                       "灯",
                       "你好",
                       "谁打开了厨房的灯"});
}

} // namespace
} // namespace hearth::language::testing
